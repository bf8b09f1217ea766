// Messages that lie, break off, come twice, late or not at all, and a REST that does no better: what is handed out is the
// source's, and what was left out is counted.
#include "adapters/live/market_stream.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "tests/adapters/binance/captures.h"
#include "tests/adapters/live/source_market.h"
#include "tests/adapters/live/stream_bench.h"

namespace hftsim::live {
namespace {

using test::SourceMarket;
using test::StreamBench;
using ::testing::HasSubstr;

const std::vector<std::string> kSymbols{"BTCUSDT", "ETHUSDT"};

FeedOptions options_of(const SourceMarket& source, Market market) {
  FeedOptions options;
  options.market = market;
  options.instruments = source.instruments();
  options.times.repair = {.first = kSecond, .most = 10 * kSecond, .attempts_max = 200};
  return options;
}

// Right before the source's first message.
FeedStart start_of(const SourceMarket& source) {
  FeedStart start;
  for (std::size_t i = 0; i < source.instruments().size(); ++i) {
    start.last_bar_close.push_back(Timestamp(SourceMarket::kStartNs));
    start.last_trade_id.push_back(SourceMarket::kFirstTradeId - 1);
  }
  return start;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text + "," : text.replace(at, what.size(), with);
}

// None of these is a message of the source's any more, and all of them are something that can be told.
std::string broken(const std::string& text, RandomStream& random) {
  const std::string digits(30, '7');
  switch (random.below(10)) {
    case 0:
      return text.substr(0, random.below(text.size()));
    case 1:
      return text + text;
    case 2:
      return replaced(text, R"("s":")", R"("s":"NO)");
    case 3:
      return replaced(text, R"("E":)", R"("E":-)");
    case 4:
      return replaced(text, R"("E":)", R"("E":)" + digits);
    case 5:
      return replaced(text, R"(":")", R"(":1,"x":")");
    case 6:
      return replaced(text, R"("data":{)", R"("data":[{)");
    case 7:
      return R"({"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":1,"s":"BTCUSDT"}})";
    case 8:
      return R"({"error":{"code":3,"msg":"Invalid JSON"}})";
    default:
      return replaced(text, R"("e":)", R"("e":1e400,"f":)");
  }
}

// A clock that jumps: everything that says a day of 2024 says one of 2033.
std::string in_the_future(std::string text) {
  for (std::size_t at = text.find(":1704"); at != std::string::npos; at = text.find(":1704", at + 1))
    text.replace(at, 5, ":2004");
  return text;
}

// One session of a source through faults of all kinds.
class Session {
 public:
  Session(const SourceMarket& source, Market market, std::uint64_t seed)
      : source_(source),
        random_(seed, "message faults"),
        bench_(options_of(source, market), start_of(source)) {}

  void run() {
    bench_.connect();
    const std::size_t calm = source_.messages().size() - 200;
    for (sent_ = 0; sent_ < source_.messages().size();) {
      const std::int64_t before_ns = source_.now_ns(sent_);
      if (sent_ < calm && is_connected_ && random_.below(200) == 0) lose_connection();
      if (is_connected_) send(sent_ < calm);
      ++sent_;
      bench_.pass(Duration(source_.now_ns(sent_) - before_ns));
      if (!is_connected_ && sent_ >= back_at_) {
        bench_.connect();
        is_connected_ = true;
      }
      if (random_.below(3) == 0) answer(true);
    }
    for (int i = 0; i < 60; ++i) {
      bench_.pass(kSecond);
      answer(false);
    }
  }

  const StreamBench& bench() const { return bench_; }
  std::uint64_t injected() const { return injected_; }

 private:
  void lose_connection() {
    bench_.disconnect();
    is_connected_ = false;
    back_at_ = sent_ + 20 + random_.below(100);
  }

  void send(bool with_faults) {
    const std::string& text = source_.messages()[sent_].text;
    const std::uint64_t chance = with_faults ? random_.below(40) : 40;
    switch (chance) {
      case 0:
        return;  // lost
      case 1:
        bench_.message(text);
        return bench_.message(text);
      case 2:
        ++injected_;
        return bench_.message(broken(text, random_));
      case 3:
        ++injected_;
        return bench_.message(in_the_future(text));
      case 4:
        held_.push_back(text);  // comes later
        return;
      default:
        bench_.message(text);
    }
    if (random_.below(3) != 0) return;
    for (const std::string& late : held_) bench_.message(late);
    held_.clear();
  }

  void answer(bool with_faults) {
    bench_.answer([&](const RepairRequest& request) {
      RepairAnswer answer = source_.answer(request, sent_);
      const std::uint64_t chance = with_faults ? random_.below(8) : 8;
      if (chance == 0) return RepairAnswer{.request = request, .trouble = "status 429"};
      if (chance == 1) answer.body = "<html>", answer.events.clear();
      if (chance == 2) answer.events.resize(answer.events.size() / 2);
      if (chance == 3 && request.kind == RepairKind::book)
        answer.body = source_.snapshot(request.instrument, sent_ - std::min<std::size_t>(sent_, 100));
      return answer;
    });
  }

  const SourceMarket& source_;
  RandomStream random_;
  StreamBench bench_;
  std::size_t sent_ = 0, back_at_ = 0;
  bool is_connected_ = true;
  std::vector<std::string> held_;
  std::uint64_t injected_ = 0;
};

void expect_the_sources_bars(const SourceMarket& source, const StreamBench& bench, InstrumentId id) {
  const std::vector<Event> bars = bench.of(EventKind::bar, id);
  ASSERT_EQ(bars.size(), source.bars(id).size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    ASSERT_EQ(bars[i].ts_ns, source.bars(id)[i].ts_ns) << i;
    ASSERT_EQ(0, std::memcmp(&bars[i].bar, &source.bars(id)[i].bar, sizeof(BarBody))) << i;
    ASSERT_EQ(bars[i].trades, source.bars(id)[i].trades) << i;
  }
}

void expect_the_sources_trades(const SourceMarket& source, const StreamBench& bench, InstrumentId id) {
  const std::vector<Event> trades = bench.of(EventKind::trade, id);
  ASSERT_EQ(trades.size(), source.trades(id).size());
  for (std::size_t i = 0; i < trades.size(); ++i) {
    Event due = source.trades(id)[i];
    due.flags |= static_cast<std::uint8_t>(trades[i].flags & kLate);
    ASSERT_EQ(trades[i].ts_ns, due.ts_ns) << i;
    ASSERT_EQ(trades[i].flags, due.flags) << i;
    ASSERT_EQ(0, std::memcmp(&trades[i].trade, &due.trade, sizeof(TradeBody))) << i;
  }
}

SourceMarket::Levels levels_of(std::span<const BookLevel> levels) {
  SourceMarket::Levels found;
  for (const BookLevel& level : levels) found[level.price_ticks] = level.quantity_lots;
  return found;
}

// Its messages follow on each other as the exchange's rules have it; where they did not, a mark said so.
void expect_the_sources_book(const SourceMarket& source, const StreamBench& bench, InstrumentId id,
                             Market market) {
  binance::SequencedBook sequenced(market == Market::usdm ? BookRules::usdm : BookRules::spot, id);
  for (const Event& event : bench.events) sequenced.take(event);
  EXPECT_EQ(sequenced.gaps, 0u);
  EXPECT_EQ(sequenced.left_out, 0u);
  const SourceMarket::Book due = source.book(id);
  EXPECT_EQ(sequenced.book.seq(), due.last_id);
  EXPECT_EQ(levels_of(sequenced.book.bids()), due.bids);
  EXPECT_EQ(levels_of(sequenced.book.asks()), due.asks);
}

void expect_order(const StreamBench& bench) {
  std::int64_t recv_ns = 0;
  for (const Event& event : bench.events) {
    ASSERT_GE(event.recv_ns, recv_ns);
    recv_ns = event.recv_ns;
  }
}

class MessageFaults : public ::testing::TestWithParam<Market> {};

TEST_P(MessageFaults, HandOutTheSourcesBarsTradesAndBook) {
  FeedHealth all;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const SourceMarket source(GetParam(), kSymbols, 20, seed);
    Session session(source, GetParam(), seed);
    session.run();
    const StreamBench& bench = session.bench();
    for (InstrumentId id = 0; id < kSymbols.size(); ++id) {
      expect_the_sources_bars(source, bench, id);
      expect_the_sources_trades(source, bench, id);
      expect_the_sources_book(source, bench, id, GetParam());
    }
    expect_order(bench);
    const FeedHealth health = bench.health();
    EXPECT_GE(health.malformed + health.implausible + health.unknown + health.duplicates, session.injected());
    EXPECT_EQ(health.events, bench.events.size());
    if (::testing::Test::HasFailure()) return;
    all.malformed += health.malformed;
    all.implausible += health.implausible;
    all.gaps += health.gaps;
    all.repaired_bars += health.repaired_bars;
    all.repaired_trades += health.repaired_trades;
    all.late_bars += health.late_bars;
    all.repair_failures += health.repair_failures;
  }
  for (const std::uint64_t count : {all.malformed, all.implausible, all.gaps, all.repaired_bars,
                                    all.repaired_trades, all.late_bars, all.repair_failures})
    EXPECT_GT(count, 10u) << "faults of that kind were too few";
}

INSTANTIATE_TEST_SUITE_P(Markets, MessageFaults, ::testing::Values(Market::spot, Market::usdm),
                         [](const auto& instance) {
                           return std::string(instance.param == Market::spot ? "spot" : "usdm");
                         });

// Each of these between two sound messages: counted, said, and nothing else happens.
class BadMessage : public ::testing::Test {
 protected:
  SourceMarket source_{Market::usdm, kSymbols, 3, 1};
  StreamBench bench_{options_of(source_, Market::usdm), start_of(source_)};

  std::string message_of(const std::string& stream) const {
    for (const SourceMarket::Message& message : source_.messages()) {
      if (message.text.find(stream) != std::string::npos) return message.text;
    }
    return "none";
  }
  // The value of the field is another; of a kline's fields and levels too.
  static std::string with(const std::string& text, const std::string& field, const std::string& value) {
    const std::size_t at = text.rfind("\"" + field + "\":");
    EXPECT_NE(at, std::string::npos) << field << " in " << text;
    const std::size_t begin = at + field.size() + 3;
    const std::size_t end =
        text[begin] == '"' ? text.find('"', begin + 1) + 1 : text.find_first_of(",}", begin);
    return text.substr(0, begin) + value + text.substr(end);
  }
  static std::string without(const std::string& text, const std::string& field) {
    return replaced(text, "\"" + field + "\":", "\"zz\":");
  }
  void expect_refused(const std::string& text) {
    const FeedHealth before = bench_.health();
    const std::size_t events = bench_.events.size();
    bench_.message(text);
    const FeedHealth after = bench_.health();
    EXPECT_EQ(after.malformed + after.implausible, before.malformed + before.implausible + 1) << text;
    EXPECT_EQ(bench_.events.size(), events) << text;
  }
};

TEST_F(BadMessage, IsRefusedWhateverItsFieldsAre) {
  bench_.connect();
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "[]",
                                           "{}",
                                           "-1",
                                           "1e400",
                                           "\"\"",
                                           "\"-0.5\"",
                                           "\"1e400\"",
                                           "\"nan\"",
                                           "\"0x10\"",
                                           "\"777777777777777777777777777777\"",
                                           "777777777777777777777777777777",
                                           "\"0.0000000001\"",
                                           "\"1,5\""};
  const std::map<std::string, std::string> fields = {
      {"aggTrade", "apqflTmsE"}, {"bookTicker", "ubBaATEs"}, {"kline_1m", "otclhvnx"}, {"depth", "UuEbas"}};
  for (const auto& [stream, letters] : fields) {
    const std::string sound = message_of("@" + stream);
    for (const char letter : letters) {
      const std::string field(1, letter);
      if (field != "e") expect_refused(without(sound, field));
      for (const std::string& value : values) {
        if (value == "true" && (letter == 'm' || letter == 'x')) continue;
        if ((value == "[]" || value == "{}") && stream == "depth" && (letter == 'a' || letter == 'b'))
          continue;
        expect_refused(with(sound, field, value));
      }
    }
  }
  EXPECT_TRUE(bench_.of(EventKind::trade).empty());
  bench_.message(message_of("@aggTrade"));
  EXPECT_EQ(bench_.of(EventKind::trade).size(), 1u);
  EXPECT_THAT(bench_.log, HasSubstr("messages refused; the last: "));
}

TEST_F(BadMessage, IsRefusedWhateverItsBytesAre) {
  bench_.connect();
  for (const std::string& text :
       {std::string(), std::string(1, '\0'), std::string("\xff\xfe"), std::string(100'000, '['),
        std::string("{"), std::string("[]"), std::string("1"), std::string("\"text\""),
        std::string(R"({"stream":1,"data":{}})"), std::string(R"({"stream":"btcusdt@trade"})"),
        std::string(R"({"data":)")})
    expect_refused(text);
  for (const SourceMarket::Message& message : source_.messages())
    for (std::size_t size = 0; size < message.text.size(); size += 7)
      expect_refused(message.text.substr(0, size));
}

// A bar that no market can have is asked for again.
TEST_F(BadMessage, IsABarWhoseRangeCannotBe) {
  bench_.connect();
  const std::string sound = message_of("btcusdt@kline");
  expect_refused(with(sound, "h", "\"0.01\""));
  expect_refused(with(sound, "l", "\"999999.99\""));
  expect_refused(with(sound, "l", "\"0.00\""));
  bench_.message(sound);
  EXPECT_EQ(bench_.of(EventKind::bar).size(), 1u);
}

TEST_F(BadMessage, OfAnotherStreamIsCountedAsUnknown) {
  bench_.connect();
  for (
      const char* text :
      {R"({"stream":"btcusdt@ticker","data":{"e":"24hrTicker","s":"BTCUSDT"}})",
       R"({"stream":"!ticker@arr","data":[]})", R"({"e":"listStatus"})",
       R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1704067200000,"T":1704067200000,"s":"BTCUSDT","t":5,"p":"1.00","q":"1.000","X":"MARKET","m":true}})",
       R"({"stream":"btcusdt@kline_5m","data":{"e":"kline","E":1704067200000,"s":"BTCUSDT","k":{"t":1704067200000,"i":"5m","o":"1.00","c":"1.00","h":"1.00","l":"1.00","v":"1","n":1,"x":true}}})"})
    bench_.message(text);
  EXPECT_EQ(bench_.health().unknown, 5u);
  EXPECT_EQ(bench_.health().malformed, 0u);
  EXPECT_TRUE(bench_.of(EventKind::trade).empty());
}

// What is further ahead than a clock may be is refused until the exchange itself says that it is so late.
TEST_F(BadMessage, OfTheFutureIsRefusedUntilTheExchangeSaysThatItHasCome) {
  bench_.connect();
  bench_.asked.clear();
  const std::string later = in_the_future(message_of("btcusdt@aggTrade"));
  expect_refused(later);
  EXPECT_EQ(bench_.health().implausible, 1u);
  bench_.pass(kSecond);
  ASSERT_EQ(bench_.asked.size(), 1u);
  EXPECT_EQ(bench_.asked.front().kind, RepairKind::time);
  bench_.answer([](const RepairRequest& request) {
    return RepairAnswer{.request = request, .server_ns = 2'004'067'200'000'000'000};
  });
  bench_.message(later);
  EXPECT_EQ(bench_.of(EventKind::trade).size(), 1u);
}

// Jumps back of a clock take nothing back: what was handed out stays, what follows goes on.
TEST_F(BadMessage, OfThePastChangesNoOrder) {
  bench_.connect();
  const std::vector<SourceMarket::Message>& messages = source_.messages();
  for (const SourceMarket::Message& message : messages) bench_.message(message.text);
  const std::size_t bars = bench_.of(EventKind::bar).size();
  bench_.message(with(message_of("btcusdt@kline"), "t", "946684800000"));
  EXPECT_EQ(bench_.of(EventKind::bar).size(), bars);
  expect_order(bench_);
}

// The last bar is read again between other messages: nobody hears of it, and no time that is estimated moves.
TEST(MarketStream, ReadsABarAgainForNobodyElse) {
  SourceMarket source(Market::spot, kSymbols, 3, 1);
  StreamBench bench(options_of(source, Market::spot), start_of(source));
  bench.connect();
  std::string quote;
  for (const SourceMarket::Message& message : source.messages()) {
    bench.message(message.text);
    if (message.text.find("@bookTicker") != std::string::npos) quote = message.text;
  }
  const std::size_t bars = bench.of(EventKind::bar).size(), events = bench.events.size();
  const std::int64_t latest_ns = std::ranges::max(bench.events, {}, &Event::ts_ns).ts_ns;
  const std::size_t id = quote.find("\"u\":") + 4;
  for (int i = 1; i <= 100; ++i) {
    bench.message(quote.substr(0, id) + std::to_string(900'000'000 + i) + quote.substr(quote.find(',', id)));
  }
  ASSERT_GT(bars, 1u);
  EXPECT_EQ(bench.of(EventKind::bar).size(), bars);
  EXPECT_EQ(bench.events.size(), events + 100);
  for (std::size_t i = events; i < bench.events.size(); ++i) EXPECT_EQ(bench.events[i].ts_ns, latest_ns);
  EXPECT_EQ(bench.health().duplicates + bench.health().malformed, 0u);
}

class Repair : public BadMessage {};

TEST_F(Repair, MarksTradesThatRestDoesNotGive) {
  FeedOptions options = options_of(source_, Market::usdm);
  options.times.repair.attempts_max = 3;
  StreamBench bench(options, start_of(source_));
  bench.connect();
  std::vector<std::string> trades;
  for (const SourceMarket::Message& message : source_.messages())
    if (message.text.find("btcusdt@aggTrade") != std::string::npos) trades.push_back(message.text);
  bench.message(trades[0]);
  bench.message(trades[5]);
  int asked = 0;
  for (int i = 0; i < 60; ++i) {
    bench.pass(kSecond);
    bench.answer([&](const RepairRequest& request) {
      asked += request.kind == RepairKind::trades;
      return RepairAnswer{.request = request, .trouble = "status 503"};
    });
  }
  EXPECT_EQ(asked, 3);
  ASSERT_EQ(bench.gaps().size(), 1u);
  EXPECT_EQ(bench.gaps()[0].session.seq_expected, SourceMarket::kFirstTradeId + 1);
  EXPECT_EQ(bench.gaps()[0].session.missing, 4u);
  EXPECT_EQ(bench.of(EventKind::trade).size(), 2u);
  EXPECT_EQ(bench.health().gaps, 1u);
  EXPECT_GE(bench.health().repair_failures, 3u);
  EXPECT_THAT(bench.log, HasSubstr("BTCUSDT: trades 1001 to 1004 are not to be had; a gap is marked"));
}

// REST has no single trades: a hole is marked after a moment.
TEST_F(Repair, OfSingleTradesIsNotAskedFor) {
  FeedOptions options = options_of(source_, Market::usdm);
  options.streams.single_trades = true;
  StreamBench bench(options);
  bench.connect();
  bench.asked.clear();
  for (const int id : {5, 6, 9, 10}) {
    bench.message(fmt::format(
        R"({{"e":"trade","E":1704067200000,"T":1704067200000,"s":"BTCUSDT","t":{},"p":"1.00","q":"1.000","X":"MARKET","m":true}})",
        id));
  }
  EXPECT_EQ(bench.of(EventKind::trade).size(), 2u);
  bench.pass(kSecond);
  bench.pass(kSecond);
  EXPECT_EQ(bench.of(EventKind::trade).size(), 4u);
  ASSERT_EQ(bench.gaps().size(), 1u);
  EXPECT_EQ(bench.gaps()[0].session.missing, 2u);
  for (const RepairRequest& request : bench.asked) EXPECT_NE(request.kind, RepairKind::trades);
}

TEST_F(Repair, OfABookThatBrokeIsASnapshot) {
  bench_.connect();
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < source_.messages().size(); ++i)
    if (source_.messages()[i].text.find("btcusdt@depth") != std::string::npos) places.push_back(i);
  const auto rest_at = [&](std::size_t sent) {
    for (int i = 0; i < 2; ++i) bench_.pass(20 * kSecond);
    bench_.answer([&](const RepairRequest& request) { return source_.answer(request, sent); });
  };
  bench_.message(source_.messages()[places[0]].text);
  EXPECT_TRUE(bench_.of(EventKind::book_change).empty()) << "waits for a snapshot";
  rest_at(places[0]);
  bench_.message(source_.messages()[places[1]].text);
  bench_.message(source_.messages()[places[3]].text);  // one is missing
  bench_.message(source_.messages()[places[4]].text);
  ASSERT_EQ(bench_.gaps().size(), 1u);
  EXPECT_EQ(bench_.gaps()[0].session.stream, static_cast<std::uint32_t>(EventKind::book_change));
  rest_at(places[2]);  // older than what is missing: of no use
  EXPECT_EQ(bench_.health().snapshots, 1u);
  rest_at(places[4] + 1);
  for (std::size_t i = 5; i < places.size(); ++i) bench_.message(source_.messages()[places[i]].text);
  EXPECT_EQ(bench_.health().snapshots, 2u);
  expect_the_sources_book(source_, bench_, 0, Market::usdm);
}

// An absurd update id is believed; where the exchange goes on below it, the book begins anew.
TEST_F(Repair, OfABookThatRanAheadIsASnapshot) {
  const SourceMarket source(Market::usdm, {"BTCUSDT"}, 60, 4);
  StreamBench bench(options_of(source, Market::usdm), start_of(source));
  bench.connect();
  std::size_t sent = 0;
  bool has_lied = false;
  for (const SourceMarket::Message& message : source.messages()) {
    const bool lies = !has_lied && sent > 50 && message.text.find("@depth") != std::string::npos;
    has_lied = has_lied || lies;
    bench.message(lies ? with(message.text, "u", "9000000000000000000") : message.text);
    ++sent;
    bench.pass(kSecond);
    bench.answer([&](const RepairRequest& request) { return source.answer(request, sent); });
  }
  EXPECT_EQ(bench.health().snapshots, 2u);
  expect_the_sources_bars(source, bench, 0);
  expect_the_sources_book(source, bench, 0, Market::usdm);
}

TEST_F(Repair, MarksBarsThatTheExchangeDoesNotHaveOnceTheyAreSettled) {
  bench_.connect();
  bench_.answer([&](const RepairRequest& request) { return source_.answer(request, 0); });
  std::vector<std::string> bars;
  for (const SourceMarket::Message& message : source_.messages())
    if (message.text.find("btcusdt@kline") != std::string::npos) bars.push_back(message.text);
  bench_.message(bars[0]);
  bench_.message(bars[2]);
  const auto without_the_second = [&](std::int64_t server_ns) {
    return [&, server_ns](const RepairRequest& request) {
      RepairAnswer answer = source_.answer(request, source_.messages().size());
      std::erase_if(answer.events, [&](const Event& bar) { return bar.ts_ns == source_.bars(0)[1].ts_ns; });
      answer.server_ns = server_ns;
      return answer;
    };
  };
  const std::int64_t close_ns = source_.bars(0)[2].ts_ns;
  const auto ask = [&](int times, std::int64_t server_ns) {
    for (int i = 0; i < times; ++i) {
      for (int j = 0; j < 2; ++j) bench_.pass(kMinute);
      bench_.answer(without_the_second(server_ns));
    }
  };
  ask(10, close_ns + kMinute.value);
  EXPECT_EQ(bench_.of(EventKind::bar).size(), 1u) << "it may come still";
  ask(1, close_ns + 11 * kMinute.value);
  ASSERT_EQ(bench_.gaps().size(), 1u);
  EXPECT_EQ(bench_.gaps()[0].session.missing, 1u);
  EXPECT_EQ(bench_.of(EventKind::bar).size(), 2u);
}

}  // namespace
}  // namespace hftsim::live
