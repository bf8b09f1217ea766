#include "adapters/exchange/wire_json.h"

#include <gtest/gtest.h>

#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;

const WireFormat kUsdm(perpetual(), Market::usdm);
const WireFormat kSpot(perpetual(), Market::spot);
constexpr std::int64_t kNow = 1'700'000'000'123 * kMs + 999'999;

TEST(WireJson, Trades) {
  const Event trade = trade_at(kNow, 42, 618'003, 6, kBuyerIsMaker);
  EXPECT_EQ(
      trade_json(kUsdm, trade, kNow + kMs),
      R"({"e":"trade","E":1700000000124,"T":1700000000123,"s":"BTCUSDT","t":42,"p":"61800.3","q":"0.006",)"
      R"("X":"MARKET","m":true})");
  EXPECT_EQ(trade_json(kSpot, trade, kNow + kMs),
            R"({"e":"trade","E":1700000000124,"s":"BTCUSDT","t":42,"p":"61800.30000000","q":"0.00600000",)"
            R"("T":1700000000123,"m":true,"M":true})");
}

TEST(WireJson, AggregatedTrades) {
  Event trade = trade_at(kNow, 42, 618'003, 6);
  trade.trade.id_first = 100;
  trade.trade.id_last = 102;
  EXPECT_EQ(
      agg_trade_json(kUsdm, trade, kNow),
      R"({"e":"aggTrade","E":1700000000123,"a":42,"s":"BTCUSDT","p":"61800.3","q":"0.006","f":100,"l":102,)"
      R"("T":1700000000123,"m":false})");
  EXPECT_EQ(agg_trade_json(kSpot, trade, kNow),
            R"({"e":"aggTrade","E":1700000000123,"s":"BTCUSDT","a":42,"p":"61800.30000000","q":"0.00600000",)"
            R"("f":100,"l":102,"T":1700000000123,"m":false,"M":true})");
  EXPECT_EQ(agg_trade_row(kUsdm, trade),
            R"({"a":42,"p":"61800.3","q":"0.006","f":100,"l":102,"T":1700000000123,"m":false})");
}

TEST(WireJson, BookTicker) {
  const Event quote = quote_at(kNow, 77, 618'002, 618'003);
  EXPECT_EQ(book_ticker_json(kUsdm, quote, kNow + kMs),
            R"({"e":"bookTicker","u":77,"s":"BTCUSDT","b":"61800.2","B":"1.000","a":"61800.3","A":"2.000",)"
            R"("T":1700000000123,"E":1700000000124})");
  EXPECT_EQ(
      book_ticker_json(kSpot, quote, kNow),
      R"({"u":77,"s":"BTCUSDT","b":"61800.20000000","B":"1.00000000","a":"61800.30000000","A":"2.00000000"})");
}

TEST(WireJson, Depth) {
  const DepthMessage message{.ts_ns = kNow,
                             .first = 5,
                             .last = 9,
                             .previous = 4,
                             .bids = {{618'002, 0}, {618'001, 1'500}},
                             .asks = {}};
  EXPECT_EQ(depth_json(kUsdm, message, kNow + kMs),
            R"({"e":"depthUpdate","E":1700000000124,"T":1700000000123,"s":"BTCUSDT","U":5,"u":9,"pu":4,)"
            R"("b":[["61800.2","0.000"],["61800.1","1.500"]],"a":[]})");
  EXPECT_EQ(depth_json(kSpot, message, kNow),
            R"({"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":5,"u":9,)"
            R"("b":[["61800.20000000","0.00000000"],["61800.10000000","1.50000000"]],"a":[]})");
}

TEST(WireJson, Snapshots) {
  const std::vector<BookLevel> bids = {{618'002, 10}}, asks = {{618'003, 20}};
  EXPECT_EQ(depth_snapshot_json(kUsdm, 9, kNow, bids, asks, kNow),
            R"({"lastUpdateId":9,"E":1700000000123,"T":1700000000123,"bids":[["61800.2","0.010"]],)"
            R"("asks":[["61800.3","0.020"]]})");
  EXPECT_EQ(depth_snapshot_json(kSpot, 9, kNow, bids, {}, kNow),
            R"({"lastUpdateId":9,"bids":[["61800.20000000","0.01000000"]],"asks":[]})");
  const DepthMessage last{.ts_ns = kNow, .first = 5, .last = 9, .previous = 4};
  EXPECT_EQ(partial_depth_json(kSpot, last, bids, {}, kNow),
            R"({"lastUpdateId":9,"bids":[["61800.20000000","0.01000000"]],"asks":[]})");
  EXPECT_EQ(partial_depth_json(kUsdm, last, bids, asks, kNow),
            R"({"e":"depthUpdate","E":1700000000123,"T":1700000000123,"s":"BTCUSDT","U":5,"u":9,"pu":4,)"
            R"("b":[["61800.2","0.010"]],"a":[["61800.3","0.020"]]})");
}

TEST(WireJson, Klines) {
  const Kline kline{.open_ns = 60'000 * kMs,
                    .end_ns = 120'000 * kMs,
                    .bar = {1.5, 2, 1, 1.25, 12.5},
                    .quote_volume = 20.125,
                    .taker_volume = 4,
                    .taker_quote_volume = 6.5,
                    .trades = 3,
                    .id_first = 7,
                    .id_last = 9};
  EXPECT_EQ(
      kline_json(kUsdm, kline, "1m", true, 120'000 * kMs),
      R"({"e":"kline","E":120000,"s":"BTCUSDT","k":{"t":60000,"T":119999,"s":"BTCUSDT","i":"1m","f":7,"L":9,)"
      R"("o":"1.5","c":"1.2","h":"2.0","l":"1.0","v":"12.500","n":3,"x":true,"q":"20.1250","V":"4.000",)"
      R"("Q":"6.5000","B":"0"}})");
  EXPECT_EQ(
      kline_row(kSpot, kline),
      R"([60000,"1.50000000","2.00000000","1.00000000","1.25000000","12.50000000",119999,"20.12500000",3,)"
      R"("4.00000000","6.50000000","0"])");
}

TEST(WireJson, StepsWithoutDecimalsGetThemOnSpotAlone) {
  Instrument whole = perpetual("SUSHIUSDT");
  whole.quantity_step = {1, 0};
  EXPECT_EQ(WireFormat(whole, Market::usdm).quantity(std::int64_t{161}), "161");
  EXPECT_EQ(WireFormat(whole, Market::spot).quantity(std::int64_t{161}), "161.00000000");
}

TEST(WireJson, MillisecondsAreThoseThatHaveBegun) {
  EXPECT_EQ(to_ms(1'999'999), 1);
  EXPECT_EQ(to_ms(2'000'000), 2);
  EXPECT_EQ(to_ms(-1), -1);
}

}  // namespace
}  // namespace hftsim::exchange
