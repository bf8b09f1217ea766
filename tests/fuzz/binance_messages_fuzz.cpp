// Websocket messages and REST depth bodies: whatever the bytes, a message is refused with BadInput or gives whole events
// of symbols that there are; nothing is kept of one that was refused. Also with a table that learns.
#include <array>
#include <cstdlib>

#include "adapters/binance/message_parser.h"
#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

using binance::MessageKind;
using binance::MessageParser;
using binance::SymbolTable;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<Instrument> instruments() {
  std::vector<Instrument> all(2);
  all[0].symbol = "BTCUSDT";
  all[1].symbol = "ETHUSDT";
  for (Instrument& instrument : all) {
    instrument.price_step = {1, 2};
    instrument.quantity_step = {1, 3};
    instrument.bar_interval = kMinute;
  }
  return all;
}

void check(const std::vector<Event>& events, std::size_t symbols) {
  for (const Event& event : events) {
    require(event.instrument < symbols && event.kind != EventKind::timer &&
            event.kind != EventKind::session_mark);
    require(event.instrument == events.front().instrument && event.ts_ns == events.front().ts_ns);
    if (event.kind == EventKind::book_change)
      require(event.book.price_ticks >= 0 && event.book.quantity_lots >= 0 &&
              event.has(kMessageEnd) == (&event == &events.back()));
  }
}

template <class Parse>
void attempt(SymbolTable& symbols, Parse parse) {
  std::vector<Event> events;
  try {
    parse(events);
    check(events, symbols.instruments().size());
  } catch (const BadInput&) {
    require(events.empty());
  }
}

}  // namespace

std::vector<std::string> seeds() {
  const std::string depth =
      R"({"e":"depthUpdate","E":1700000000002,"T":1700000000001,"s":"BTCUSDT","U":11,"u":15,"pu":10,"b":[["58710.20","0.014"],["61510.90","0.000"]],"a":[["61800.3","2.51"]]})";
  return {
      depth,
      R"({"stream":"btcusdt@depth@100ms","data":)" + depth + "}",
      R"({"data":)" + depth + R"(,"stream":"btcusdt@depth20"})",
      R"({"e":"depthUpdate","E":1700000000002,"s":"ETHUSDT","U":1,"u":2,"b":[],"a":[]})",
      R"({"lastUpdateId":9,"E":2,"T":1,"bids":[["5.00","1.000"]],"asks":[["6.00","1.000"]]})",
      R"({"lastUpdateId":9,"bids":[["5.00000000","1.00000000"]],"asks":[]})",
      R"({"e":"bookTicker","u":51,"s":"BTCUSDT","b":"5.20","B":"2.507","a":"5.30","A":"2.510","T":17,"E":18})",
      R"({"u":50,"s":"ETHUSDT","b":"6.63","B":"3.788","a":"6.64","A":"1.546"})",
      R"({"e":"trade","E":4,"T":3,"s":"BTCUSDT","t":52,"p":"5.30","q":"0.199","X":"MARKET","m":true})",
      R"({"e":"trade","E":4,"s":"BTCUSDT","t":37,"p":"6.63","q":"0.020","T":3,"m":true,"M":true})",
      R"({"e":"aggTrade","E":5,"a":16,"s":"ETHUSDT","p":"1.01","q":"10","f":22,"l":24,"T":4,"m":false})",
      R"({"e":"kline","E":1626992760203,"s":"ETHUSDT","k":{"t":1626992700000,"T":1626992759999,"i":"1m","o":"7.60","c":"7.61","h":"7.62","l":"7.59","v":"3005","n":113,"x":true}})",
      R"({"result":null,"id":1})",
      R"({"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker"}]})",
      R"({"e":"markPriceUpdate","x":{"y":[1,{"z":"\"\\u0041"}]}})",
      R"({"e":"trade","E":9223372036854,"T":9223372036854,"s":"BTCUSDT","t":18446744073709551615,"p":"999999999999999.99","q":"1e5","m":true})"};
}

void run(std::span<const std::uint8_t> input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const std::array<std::optional<Market>, 3> markets{std::nullopt, Market::spot, Market::usdm};
  for (const std::optional<Market>& market : markets) {
    SymbolTable known(instruments());
    MessageParser parser(known, market);
    attempt(known, [&](std::vector<Event>& events) { parser.parse(text, 1, events); });
    attempt(known, [&](std::vector<Event>& events) { parser.parse_snapshot(text, "ETHUSDT", 1, events); });
  }
  SymbolTable learning;
  MessageParser parser(learning);
  for (int twice = 0; twice < 2; ++twice)
    attempt(learning, [&](std::vector<Event>& events) { parser.parse(text, 1, events); });
}

}  // namespace hftsim::fuzz
