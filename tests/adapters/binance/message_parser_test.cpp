#include "adapters/binance/message_parser.h"

#include <gtest/gtest.h>

#include "tests/adapters/bar_files.h"

namespace hftsim::binance {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kRecv = 1'723'161'255'030'314'667;

Instrument instrument(const char* symbol, int price_decimals, int quantity_decimals) {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.price_step = {1, price_decimals};
  instrument.quantity_step = {1, quantity_decimals};
  instrument.bar_interval = kMinute;
  return instrument;
}

// A parser over BTCUSDT with 2 and 3 decimals, and a second symbol.
struct Bench {
  explicit Bench(std::optional<Market> market = Market::usdm)
      : symbols({instrument("ETHUSDT", 2, 3), instrument("BTCUSDT", 2, 3)}), parser(symbols, market) {}

  ParsedMessage parse(std::string_view json) {
    events.clear();
    return parser.parse(json, kRecv, events);
  }
  std::string refusal_of(std::string_view json) {
    events.assign(3, Event{});
    const std::string message = refusal([&] { parser.parse(json, kRecv, events); });
    EXPECT_EQ(events.size(), 3u) << "nothing is kept of a message that is refused";
    return message;
  }

  SymbolTable symbols;
  MessageParser parser;
  std::vector<Event> events;
};

const std::string kDepth =
    R"({"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":11,"u":15,"pu":10,)"
    R"("b":[["58710.20","0.014"],["61510.90","0.000"]],"a":[["61800.3","2.51"]]})";
const std::string kTrade =
    R"({"e":"trade","E":1723161256344,"T":1723161256342,"s":"BTCUSDT","t":52,"p":"61800.30","q":"0.199","X":"MARKET","m":true})";

std::string combined(const std::string& stream, const std::string& data) {
  return R"({"stream":")" + stream + R"(","data":)" + data + "}";
}
std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(MessageParser, MakesABookChangeOfEveryLevelOfADepthUpdate) {
  for (const std::string& json :
       {kDepth, combined("btcusdt@depth@0ms", kDepth), combined("x", kDepth) + " \n"}) {
    Bench bench;
    EXPECT_EQ(bench.parse(json).kind, MessageKind::depth);
    ASSERT_EQ(bench.events.size(), 3u);
    for (const Event& event : bench.events) {
      EXPECT_EQ(event.kind, EventKind::book_change);
      EXPECT_EQ(event.instrument, 1u);
      EXPECT_EQ(event.ts_ns, 1723161256298 * kMs);
      EXPECT_EQ(event.recv_ns, kRecv);
      EXPECT_EQ(event.send_delay_us, 1000);
      EXPECT_EQ(event.book.seq_first, 11u);
      EXPECT_EQ(event.book.seq, 15u);
      EXPECT_EQ(event.book.seq_previous, 10u);
    }
    EXPECT_EQ(bench.events[0].flags, kBidSide);
    EXPECT_EQ(bench.events[0].book.price_ticks, 5871020);
    EXPECT_EQ(bench.events[0].book.quantity_lots, 14);
    EXPECT_EQ(bench.events[1].book.quantity_lots, 0);
    EXPECT_EQ(bench.events[2].flags, kMessageEnd) << "fewer decimals than usual lie on the grid too";
    EXPECT_EQ(bench.events[2].book.price_ticks, 6180030);
    EXPECT_EQ(bench.events[2].book.quantity_lots, 2510);
  }
}

TEST(MessageParser, TakesFieldsInAnyOrderAndLeavesOutThoseItDoesNotKnow) {
  Bench bench;
  bench.parse(
      R"({"a":[["61800.30","2.510"]],"st":1,"b":[["61800.20","1.000"]],"x":{"b":[1]},"pu":10,"u":15,"U":11,"s":"BTCUSDT","T":1723161256298,"E":1723161256299,"e":"depthUpdate"})");
  ASSERT_EQ(bench.events.size(), 2u);
  EXPECT_EQ(bench.events[1].book.price_ticks, 6180020);
  EXPECT_EQ(bench.events[1].flags, kBidSide | kMessageEnd);
  EXPECT_EQ(bench.parse(R"({"data":)" + kTrade + R"(,"stream":"btcusdt@trade"})").kind, MessageKind::trade);
  EXPECT_EQ(bench.events.size(), 1u);
}

TEST(MessageParser, ADepthUpdateWithoutLevelsIsAnEventWithItsSequenceNumbers) {
  Bench bench;
  bench.parse(R"({"e":"depthUpdate","E":5,"T":5,"s":"BTCUSDT","U":11,"u":15,"pu":10,"b":[],"a":[]})");
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].flags, kNoLevels | kMessageEnd);
  EXPECT_EQ(bench.events[0].book.seq, 15u);
}

TEST(MessageParser, SpotDepthIsKnownWhenItWasSentAndHasNoPreviousId) {
  Bench bench(Market::spot);
  bench.parse(
      R"({"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":1,"u":2,"b":[["6.63","1.000"]],"a":[]})");
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].ts_ns, 1723161255208 * kMs);
  EXPECT_EQ(bench.events[0].send_delay_us, 0);
  EXPECT_EQ(bench.events[0].book.seq_previous, 0u);
}

TEST(MessageParser, ARestSnapshotIsOfTheSymbolThatIsNamedBesideIt) {
  Bench bench;
  const std::string body =
      R"({"lastUpdateId":9,"E":1723161256501,"T":1723161256493,"bids":[["5.00","1.000"]],"asks":[["6.00","1.000"],["7.00","2.000"]]})";
  const auto parsed = bench.parser.parse_snapshot(body, "BTCUSDT", kRecv, bench.events);
  EXPECT_EQ(parsed.kind, MessageKind::snapshot);
  EXPECT_EQ(parsed.instrument, 1u);
  ASSERT_EQ(bench.events.size(), 3u);
  EXPECT_EQ(bench.events[0].flags, kSnapshot | kBidSide);
  EXPECT_EQ(bench.events[2].flags, kSnapshot | kMessageEnd);
  EXPECT_EQ(bench.events[2].book.seq, 9u);
  EXPECT_EQ(bench.events[2].send_delay_us, 8000);
  EXPECT_MENTIONS(bench.refusal_of(body), "names no symbol among 2");
}

TEST(MessageParser, AQuoteHasItsTimesOnUsdmAndAnEstimateOnSpot) {
  Bench usdm;
  usdm.parse(
      R"({"e":"bookTicker","u":51,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256315})");
  ASSERT_EQ(usdm.events.size(), 1u);
  EXPECT_EQ(usdm.events[0].ts_ns, 1723161256313 * kMs);
  EXPECT_EQ(usdm.events[0].send_delay_us, 2000);
  EXPECT_EQ(usdm.events[0].quote.bid_ticks, 6180020);
  EXPECT_EQ(usdm.events[0].quote.ask_lots, 2510);
  EXPECT_EQ(usdm.events[0].quote.seq, 51u);
  Bench spot(Market::spot);
  const std::string ticker =
      R"({"u":50,"s":"BTCUSDT","b":"61837.63","B":"3.788","a":"61837.64","A":"1.546"})";
  spot.parse(ticker);
  EXPECT_EQ(spot.events[0].ts_ns, kRecv) << "no message before it had a time";
  spot.parse(
      R"({"e":"trade","E":1723161255343,"s":"BTCUSDT","t":37,"p":"61837.63","q":"0.020","T":1723161255342,"m":true,"M":true})");
  spot.parse(combined("btcusdt@bookTicker", ticker));
  EXPECT_EQ(spot.events[0].ts_ns, 1723161255342 * kMs);
  EXPECT_EQ(spot.events[0].flags, kTimeEstimated);
}

TEST(MessageParser, ATradeKnowsWhoTookAndWhetherItWasFromTheBook) {
  Bench bench;
  bench.parse(kTrade);
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].flags, kBuyerIsMaker);
  EXPECT_EQ(bench.events[0].trade.price_ticks, 6180030);
  EXPECT_EQ(bench.events[0].trade.quantity_lots, 199);
  EXPECT_EQ(bench.events[0].trade.id_first, 52u);
  bench.parse(with(with(kTrade, "MARKET", "INSURANCE_FUND"), "true", "false"));
  EXPECT_EQ(bench.events[0].flags, kOffBook);
}

TEST(MessageParser, AnAggregateKeepsTheIdsOfItsTrades) {
  Bench bench;
  bench.parse(
      R"({"e":"aggTrade","E":1626992741575,"a":16,"s":"ETHUSDT","p":"1.01","q":"10","f":22,"l":24,"T":1626992741421,"m":false})");
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].flags, kAggregate);
  EXPECT_EQ(bench.events[0].trade.seq, 16u);
  EXPECT_EQ(bench.events[0].trade.id_first, 22u);
  EXPECT_EQ(bench.events[0].trade.id_last, 24u);
  EXPECT_EQ(bench.events[0].trade.quantity_lots, 10'000);
}

const std::string kKline =
    R"({"e":"kline","E":1626992760203,"s":"ETHUSDT","k":{"t":1626992700000,"T":1626992759999,"s":"ETHUSDT","i":"1m","f":1,"L":2,"o":"7.60","c":"7.61","h":"7.62","l":"7.59","v":"3005","n":113,"x":true,"q":"2.8590","V":"1900","Q":"1.6","B":"0"}})";

TEST(MessageParser, OnlyAClosedKlineOfTheSymbolsIntervalIsABar) {
  Bench bench;
  EXPECT_EQ(bench.parse(kKline).kind, MessageKind::kline_closed);
  ASSERT_EQ(bench.events.size(), 1u);
  EXPECT_EQ(bench.events[0].ts_ns, 1626992760000 * kMs);
  EXPECT_EQ(bench.events[0].bar.high, 7.62);
  EXPECT_EQ(bench.events[0].bar.volume, 3005);
  EXPECT_EQ(bench.events[0].trades, 113u);
  EXPECT_EQ(bench.parse(with(kKline, "true", "false")).kind, MessageKind::kline_open);
  EXPECT_TRUE(bench.events.empty());
  const auto other = bench.parse(with(kKline, "1m", "5m"));
  EXPECT_EQ(other.kind, MessageKind::unknown);
  EXPECT_EQ(other.name, "kline of another interval");
}

TEST(MessageParser, NamesWhatItDoesNotKnow) {
  Bench bench;
  const auto name_of_unknown = [&](const std::string& json) {
    const ParsedMessage parsed = bench.parse(json);
    EXPECT_EQ(parsed.kind, MessageKind::unknown) << json;
    EXPECT_TRUE(bench.events.empty());
    return std::string(parsed.name);
  };
  EXPECT_EQ(name_of_unknown(R"({"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1"})"), "markPriceUpdate");
  EXPECT_EQ(name_of_unknown(combined("btcusdt@depth20@100ms", kDepth)), "depth20@100ms");
  EXPECT_EQ(name_of_unknown(combined("!miniTicker@arr", "[1,2]")), "arr");
  EXPECT_EQ(name_of_unknown(R"({"what":"is","this":1})"), "without a type");
  EXPECT_EQ(bench.parse(R"({"result":null,"id":1})").kind, MessageKind::response);
  EXPECT_EQ(bench.parse(R"({"error":{"code":2,"msg":"x"}})").kind, MessageKind::response);
}

TEST(MessageParser, FindsTheMarketWhereItIsNotTold) {
  Bench usdm(std::nullopt), spot(std::nullopt);
  usdm.parse(kDepth);
  EXPECT_EQ(usdm.parser.market(), Market::usdm);
  spot.parse(R"({"u":50,"s":"BTCUSDT","b":"61837.63","B":"3.788","a":"61837.64","A":"1.546"})");
  EXPECT_EQ(spot.parser.market(), Market::spot);
  EXPECT_MENTIONS(usdm.refusal_of(with(kDepth, R"("pu":10,)", "")), "depthUpdate: got no field pu");
}

TEST(MessageParser, RefusesMissingFieldsWrongTypesAndNumbersOutOfRangeByName) {
  Bench bench;
  for (const char* field : {R"("E":1723161256299,)", R"("T":1723161256298,)", R"("U":11,)", R"("u":15,)"}) {
    EXPECT_MENTIONS(bench.refusal_of(with(kDepth, field, "")), std::string("no field ") + field[1]);
  }
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, R"("s":"BTCUSDT",)", "")), "no field s");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", R"("then")")), "T: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", "1723161256.298")), "T: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", "-5")), "T: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", "99999999999999999999999")), "T: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", "9999999999999999")),
                  "T: got 9999999999999999");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, "1723161256298", "17")), "within 35 minutes of T");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, R"([["61800.3","2.51"]])", "7")), "a: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, R"("61800.3","2.51")", R"("61800.3")")),
                  "a level of 1 parts");
  EXPECT_MENTIONS(bench.refusal_of(with(kDepth, R"("61800.3","2.51")", R"(61800.3,2.51)")), "a: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kTrade, R"("m":true)", R"("m":1)")), "m: got");
  EXPECT_MENTIONS(bench.refusal_of(with(kTrade, "BTCUSDT", "BTCEUR")), "symbol: got 'BTCEUR'");
}

TEST(MessageParser, RefusesNumbersThatAreNoDecimalsOrLieBetweenTwoSteps) {
  Bench bench;
  for (const char* text : {"", ".5", "5.", "-61800.30", "1e3", "0x10", "61800.30 ", "6.18.3", "nan", "６"}) {
    EXPECT_MENTIONS(bench.refusal_of(with(kTrade, "61800.30", text)), "a decimal number not below 0");
  }
  EXPECT_MENTIONS(bench.refusal_of(with(kTrade, "61800.30", "61800.305")),
                  "BTCUSDT p: got '61800.305', expected a multiple of 0.01");
  EXPECT_MENTIONS(bench.refusal_of(with(kTrade, "61800.30", "99999999999999999999")), "64 bits");
  bench.parse(with(kTrade, "61800.30", "61800.3000"));
  EXPECT_EQ(bench.events[0].trade.price_ticks, 6180030);
  bench.parse(with(kTrade, "61800.30", "90000000000000000"));
  EXPECT_EQ(bench.events[0].trade.price_ticks, 9'000'000'000'000'000'000);
}

TEST(MessageParser, RefusesWhatIsNoWholeMessage) {
  Bench bench;
  for (std::size_t size = 0; size < kDepth.size(); size += 7) bench.refusal_of(kDepth.substr(0, size));
  for (const std::string& json :
       {std::string("[]"), std::string("null"), std::string("{\"e\":5}"), kTrade + kTrade, kTrade + "]",
        combined("x", kTrade) + "x", std::string(R"({"stream":"a@b"})"), std::string("{\"e\":\"tr\xff\"}")}) {
    EXPECT_NE(bench.refusal_of(json), "") << json;
  }
}

TEST(SymbolTable, LearnsSymbolsAndAsManyDecimalsAsAreWritten) {
  SymbolTable table;
  MessageParser parser(table);
  std::vector<Event> events;
  parser.parse(kDepth, kRecv, events);
  parser.parse(with(kTrade, "61800.30", "61800.3050"), kRecv, events);
  parser.parse(kKline, kRecv, events);
  parser.parse(R"({"lastUpdateId":9,"E":1,"T":1,"bids":[["5","1.00000"]],"asks":[]})", kRecv, events);
  EXPECT_MENTIONS(refusal([&] { SymbolTable(table).finish(""); }), "names no symbol among 2");
  table.finish("BTCUSDT");
  ASSERT_EQ(table.instruments().size(), 2u);
  EXPECT_EQ(table.instruments()[0].symbol, "BTCUSDT");
  EXPECT_EQ(table.instruments()[0].price_step, (DecimalStep{1, 4}));
  EXPECT_EQ(table.instruments()[0].quantity_step, (DecimalStep{1, 5}));
  EXPECT_EQ(table.instruments()[0].bar_interval.value, 0);
  EXPECT_EQ(table.instruments()[1].bar_interval, kMinute);
  EXPECT_THROW(table.id_of("ETHUSDC"), OutsideTable);
  EXPECT_EQ(parser.market(), Market::usdm);
}

}  // namespace
}  // namespace hftsim::binance
