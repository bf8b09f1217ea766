// Market orders: when they fill, at what price, in which order.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig close_fills() {
  BarVenueConfig config;
  config.fill = FillRule::close;
  return config;
}

TEST(BarVenueMarket, FillsAtTheOpenOfTheNextBar) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 2));
  bench.bar(101, 105, 99, 104);
  ASSERT_EQ(bench.story(id), "accepted filled");
  const ExecutionReport fill = bench.fills()[0];
  EXPECT_EQ(fill.price, Price(101));
  EXPECT_EQ(fill.quantity, Quantity(2));
  EXPECT_EQ(fill.ts, Timestamp(kMinute.value)) << "the open time of the second bar";
  EXPECT_EQ(fill.liquidity, Liquidity::taker);
  EXPECT_TRUE(fill.order_done);
}

TEST(BarVenueMarket, AnOrderThatArrivesInsideABarWaitsForTheNextOne) {
  VenueBench bench({}, {.compute = Duration(1), .entry = Duration(2), .response = Duration(5)});
  bench.flat_bar(100);
  const Timestamp decided = bench.now();
  const OrderId id = bench.send(market(Side::buy, 1));
  bench.flat_bar(101);
  ASSERT_EQ(bench.story(id), "accepted");
  EXPECT_EQ(bench.of(id)[0].ts, decided + Duration(3));
  EXPECT_EQ(bench.of(id)[0].known_at, decided + Duration(8));
  bench.flat_bar(102);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_EQ(bench.fills()[0].price, Price(102));
  EXPECT_EQ(bench.fills()[0].known_at, decided + kMinute + Duration(5));
}

TEST(BarVenueMarket, WithoutABarForAWhileItFillsAtTheFirstOneThatBeginsAfterItsArrival) {
  VenueBench bench({}, {.entry = 5 * kMinute});
  bench.flat_bar(100);
  bench.send(market(Side::buy, 1));
  for (int i = 0; i < 5; ++i) bench.flat_bar(101 + i);
  EXPECT_TRUE(bench.fills().empty());
  bench.flat_bar(110);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_EQ(bench.fills()[0].price, Price(110));
}

TEST(BarVenueMarket, CloseFillsAtTheCloseOfTheBarThatDecidedItAndIsKnownAtOnce) {
  VenueBench bench(close_fills(), {.compute = Duration(1), .entry = Duration(2), .response = Duration(5)});
  OrderId id = 0;
  bench.bar(100, 105, 99, 104, 1000, [&] { id = bench.send(market(Side::buy, 1)); });
  ASSERT_EQ(bench.story(id), "accepted filled");
  EXPECT_EQ(bench.fills()[0].price, Price(104));
  EXPECT_EQ(bench.fills()[0].ts, bench.now());
  EXPECT_EQ(bench.fills()[0].known_at, bench.now());
}

TEST(BarVenueMarket, CloseLeavesOtherTypesToTheNextBar) {
  VenueBench bench(close_fills());
  OrderId id = 0;
  bench.bar(100, 105, 99, 104, 1000, [&] { id = bench.send(limit(Side::buy, 1, 110)); });
  EXPECT_EQ(bench.story(id), "");
  bench.flat_bar(103);
  EXPECT_EQ(bench.story(id), "accepted filled");
}

TEST(BarVenueMarket, CloseOnAnotherInstrumentsBarFillsAtThatInstrumentsCloseOfTheInstant) {
  VenueBench bench(close_fills(), {}, instruments_on_bench(2));
  OrderRequest second = market(Side::buy, 1);
  second.instrument = 1;
  OrderId early = 0, late = 0;
  bench.bar(100, 100, 100, 100, 1000, [&] { early = bench.send(second); });
  EXPECT_EQ(bench.story(early), "accepted");
  bench.same_minute(1, {50, 52, 49, 51, 1000}, [&] { late = bench.send(market(Side::sell, 1)); });
  ASSERT_EQ(bench.fills().size(), 2u);
  EXPECT_EQ(bench.fills_of(early)[0].price, Price(51));
  EXPECT_EQ(bench.fills_of(late)[0].price, Price(100)) << "its bar of this instant has closed";
}

TEST(BarVenueMarket, OrdersFillInTheOrderOfArrival) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId first = bench.send(market(Side::sell, 1)), second = bench.send(market(Side::buy, 1));
  bench.flat_bar(100);
  EXPECT_EQ(bench.fills()[0].order, first);
  EXPECT_EQ(bench.fills()[1].order, second);
}

TEST(BarVenueMarket, EachInstrumentMeetsItsOwnBars) {
  VenueBench bench({}, {}, instruments_on_bench(2));
  bench.flat_bar(100);
  bench.same_minute(1, {50, 50, 50, 50, 1000});
  OrderRequest second = market(Side::buy, 3);
  second.instrument = 1;
  const OrderId id = bench.send(second);
  bench.flat_bar(101);
  EXPECT_EQ(bench.story(id), "");
  bench.same_minute(1, {51, 51, 51, 51, 1000});
  ASSERT_EQ(bench.fills_of(id).size(), 1u);
  EXPECT_EQ(bench.fills()[0].price, Price(51));
  EXPECT_EQ(bench.fills()[0].instrument, 1);
  EXPECT_EQ(bench.ledger.position(1), Quantity(3));
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueMarket, AnIrregularBarBeginsWhereTheOneBeforeClosed) {
  VenueBench bench({}, {}, instruments_on_bench(1, Duration(0)));
  const OrderId early = bench.send(market(Side::buy, 1));
  bench.flat_bar(100);
  EXPECT_TRUE(bench.fills().empty()) << "when the first bar began is unknown";
  const OrderId late = bench.send(market(Side::buy, 1));
  bench.flat_bar(101);
  EXPECT_EQ(bench.fills_of(early)[0].price, Price(101));
  EXPECT_EQ(bench.fills_of(late)[0].ts, Timestamp(kMinute.value));
}

TEST(BarVenueMarket, BarsThatOverlapDoNotLetAnOrderMeetAnOpenBeforeItsArrival) {
  VenueBench bench({}, {.entry = Duration(kMinute.value / 2)}, instruments_on_bench(1, 2 * kMinute));
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 1));
  bench.flat_bar(101);
  bench.flat_bar(102);  // began half a minute before the arrival
  EXPECT_EQ(bench.story(id), "accepted");
  bench.flat_bar(103);
  EXPECT_EQ(bench.fills_of(id).size(), 1u);
}

TEST(BarVenueMarket, SlippageAndHalfSpreadAreAgainstTheOrder) {
  BarVenueConfig config;
  config.slippage_bps = 3;
  config.half_spread_bps = 2;
  config.fees = {0.5, 0.001};
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId buy = bench.send(market(Side::buy, 2)), sell = bench.send(market(Side::sell, 2));
  bench.flat_bar(100);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 100.05);
  EXPECT_DOUBLE_EQ(bench.fills_of(sell)[0].price.value, 99.95);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].fee.value, 2 * 100.05 * 0.001);
}

TEST(BarVenueMarket, TheLedgerHearsEveryCloseAfterTheFillsOfItsBar) {
  VenueBench bench;
  bench.bar(100, 105, 99, 104);
  EXPECT_EQ(bench.ledger.last_price(0), 104);
  bench.send(market(Side::buy, 1));
  bench.bar(104, 106, 103, 105);
  EXPECT_EQ(bench.ledger.last_price(0), 105);
  EXPECT_EQ(bench.ledger.fills.size(), 1u);
}

TEST(BarVenueMarket, OtherEventsPassBy) {
  VenueBench bench;
  bench.send(market(Side::buy, 1));
  Event trade{};
  trade.kind = EventKind::trade;
  trade.ts_ns = kMinute.value;
  bench.venue.on_event(trade);
  EXPECT_TRUE(bench.venue.reports().empty());
}

}  // namespace
}  // namespace hftsim
