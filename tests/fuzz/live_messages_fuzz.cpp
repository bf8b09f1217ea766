// A live session's messages and what REST answers meanwhile, line by line: whatever they are, per instrument the bars
// and trades that are handed out follow on each other or a mark says where they do not, books follow the exchange's rules,
// and times of receipt never go back.
//
// A line is a websocket message, or begins with:  > connected  < disconnected  + a second passes  ~ the body that
// answers the oldest question
#include <cstdlib>
#include <map>
#include <utility>

#include "adapters/bar_time.h"
#include "adapters/binance/rest_agg_trades.h"
#include "adapters/binance/rest_answers.h"
#include "adapters/binance/rest_klines.h"
#include "engine/core/errors.h"
#include "tests/adapters/binance/captures.h"
#include "tests/adapters/live/source_market.h"
#include "tests/adapters/live/stream_bench.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

using live::RepairAnswer;
using live::RepairKind;
using live::RepairRequest;
using test::SourceMarket;

void require(bool holds) {
  if (!holds) std::abort();
}

const std::vector<std::string> kSymbols{"BTCUSDT", "ETHUSDT"};

live::FeedOptions options_of(Market market) {
  live::FeedOptions options;
  options.market = market;
  options.instruments = SourceMarket(market, kSymbols, 0, 1).instruments();
  options.trade_hole_max = 50;
  return options;
}

RepairAnswer parsed(const RepairRequest& request, std::string_view body, const live::FeedOptions& options) {
  RepairAnswer answer{.request = request, .server_ns = SourceMarket::kStartNs + 60 * kMinute.value};
  const Instrument& instrument = options.instruments[request.instrument];
  try {
    if (request.kind == RepairKind::time) answer.server_ns = binance::parse_server_time_ns(body, "time");
    if (request.kind == RepairKind::bars) {
      answer.events = binance::parse_klines(body,
                                            {.interval_ns = kMinute.value,
                                             .phase_ns = 0,
                                             .from_ns = request.from_ns,
                                             .to_ns = kTimeMax,
                                             .rows_max = 1000},
                                            "klines");
    }
    if (request.kind == RepairKind::trades)
      answer.events = binance::parse_agg_trades(body, instrument, request.hole.from, 1000, "trades");
    if (request.kind == RepairKind::book) answer.body = body;
  } catch (const BadInput& error) {
    answer.trouble = error.what();
  }
  return answer;
}

// What has to come next in one stream, by number: a bar's close, a trade's id.
struct Sequence {
  std::optional<std::uint64_t> due;

  void take(std::uint64_t number, std::uint64_t step) {
    require(!due || number == *due);
    due = number + step;
  }
};

void check(const std::vector<Event>& events, Market market) {
  std::map<std::pair<InstrumentId, EventKind>, Sequence> sequences;
  std::vector<binance::SequencedBook> books;
  for (InstrumentId id = 0; id < kSymbols.size(); ++id)
    books.emplace_back(market == Market::usdm ? BookRules::usdm : BookRules::spot, id);
  std::int64_t recv_ns = 0;
  for (const Event& event : events) {
    require(event.instrument < kSymbols.size() && event.recv_ns >= recv_ns);
    recv_ns = event.recv_ns;
    books[event.instrument].take(event);
    if (event.kind == EventKind::bar)
      sequences[{event.instrument, event.kind}].take(static_cast<std::uint64_t>(event.ts_ns),
                                                     static_cast<std::uint64_t>(kMinute.value));
    if (event.kind == EventKind::trade) sequences[{event.instrument, event.kind}].take(event.trade.seq, 1);
    if (event.kind == EventKind::session_mark && event.session.mark == SessionMark::gap)
      sequences[{event.instrument, static_cast<EventKind>(event.session.stream)}].due =
          event.session.seq_found;
  }
  for (const binance::SequencedBook& book : books) require(book.gaps == 0 && book.left_out == 0);
}

void run_lines(std::string_view text, Market market) {
  const live::FeedOptions options = options_of(market);
  test::StreamBench bench(options);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const char first = line.empty() ? '\0' : line.front();
    if (first == '>') {
      bench.connect();
    } else if (first == '<') {
      bench.disconnect();
    } else if (first == '+') {
      bench.pass(kSecond);
    } else if (first == '~') {
      bench.answer_one(
          [&](const RepairRequest& request) { return parsed(request, line.substr(1), options); });
    } else {
      bench.message(line);
    }
  }
  const live::FeedHealth health = bench.health();
  require(health.events == bench.events.size());
  check(bench.events, market);
}

// A short session in which messages are lost, come twice and late, with a loss of the connection and repairs in it.
std::string session(Market market, std::uint64_t seed) {
  const SourceMarket source(market, kSymbols, 3, seed);
  RandomStream random(seed, "fuzz session");
  std::string lines = ">\n~{\"serverTime\":1704067200000}\n", late;
  for (std::size_t i = 0; i < source.messages().size(); ++i) {
    const std::string line = source.messages()[i].text + "\n";
    const std::uint64_t fate = random.below(8);
    if (fate == 0) continue;
    if (fate == 1) late += line;
    if (fate == 2) lines += line;
    if (fate != 1) lines += line;
    if (i % 10 == 0) lines += std::exchange(late, "") + "+\n";
    if (i % 20 == 0) lines += "~" + source.snapshot(i / 20 % 2, i) + "\n";
    if (i == 60) lines += "<\n+\n>\n";
  }
  return lines;
}

}  // namespace

std::vector<std::string> seeds() {
  const std::string trade =
      R"({"e":"aggTrade","E":1704067200005,"s":"BTCUSDT","p":"1.01","q":"1.000","f":1,"l":1,"T":1704067200004,"m":false,"a":)";
  return {
      session(Market::spot, 1), session(Market::usdm, 2),
      ">\n" + trade + "16}\n" + trade + "19}\n+\n+\n~[]\n" +
          R"(~[{"a":17,"p":"1.00","q":"1.000","f":1,"l":1,"T":1704067200004,"m":true}])" + "\n+\n~[]\n",
      ">\n" + trade + "18446744073709551615}\n" + trade + "1}\n" + trade + "18446744073709551614}\n",
      ">\n"
      R"({"e":"kline","E":1704067260000,"s":"ETHUSDT","k":{"t":1704067200000,"i":"1m","o":"7.60","c":"7.61","h":"7.62","l":"7.59","v":"3","n":1,"x":true}})"
      "\n+\n+\n"
      R"(~[[1704067260000,"7.60","7.61","7.59","7.60","3",1704067319999,"1",1,"1","1","0"]])"
      "\n"
      R"({"e":"kline","E":1704067560000,"s":"ETHUSDT","k":{"t":1704067500000,"i":"1m","o":"7.60","c":"7.61","h":"7.62","l":"7.59","v":"3","n":1,"x":true}})"
      "\n+\n~[]\n+\n~[]\n"};
}

void run(std::span<const std::uint8_t> input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  for (const Market market : {Market::spot, Market::usdm}) run_lines(text, market);
}

}  // namespace hftsim::fuzz
