// Limit orders: touch and through, gaps, taking and making, post-only.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig costly() {
  BarVenueConfig config;
  config.slippage_bps = 10;
  config.fees = {0.0002, 0.001};
  return config;
}

TEST(BarVenueLimit, ABarThatOnlyTouchesTheLimitDoesNotFillIt) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(limit(Side::buy, 1, 98));
  bench.bar(100, 101, 98, 99);
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(99, 100, 97.99, 99);
  ASSERT_EQ(bench.story(id), "accepted filled");
  EXPECT_EQ(bench.fills()[0].price, Price(98));
  EXPECT_EQ(bench.fills()[0].ts, bench.now());
}

TEST(BarVenueLimit, TouchIsAnOption) {
  BarVenueConfig config;
  config.limit_fill = LimitFill::touch;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId id = bench.send(limit(Side::sell, 1, 101));
  bench.bar(100, 101, 98, 99);
  EXPECT_EQ(bench.story(id), "accepted filled");
  EXPECT_EQ(bench.fills()[0].price, Price(101));
}

TEST(BarVenueLimit, ARestingOrderMakesAtItsLimitWithoutCosts) {
  VenueBench bench(costly());
  bench.flat_bar(100);
  bench.send(limit(Side::buy, 1, 98));
  bench.bar(100, 101, 97, 99);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::maker);
  EXPECT_EQ(bench.fills()[0].price, Price(98));
  EXPECT_DOUBLE_EQ(bench.fills()[0].fee.value, 98 * 0.0002);
}

TEST(BarVenueLimit, AnOpenThatGapsBeyondARestingLimitFillsItAtTheOpenAsMaker) {
  VenueBench bench(costly());
  bench.flat_bar(100);
  bench.send(limit(Side::buy, 1, 98));
  bench.bar(100, 101, 99, 99);
  bench.bar(95, 99, 94, 98);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_EQ(bench.fills()[0].price, Price(95));
  EXPECT_EQ(bench.fills()[0].ts, bench.now() - kMinute);
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::maker);
}

TEST(BarVenueLimit, OneThatArrivesBeyondTheMarketTakesWithCosts) {
  VenueBench bench(costly());
  bench.flat_bar(100);
  bench.send(limit(Side::buy, 1, 105));
  bench.bar(100, 101, 99, 100);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::taker);
  EXPECT_DOUBLE_EQ(bench.fills()[0].price.value, 100.1);
  EXPECT_DOUBLE_EQ(bench.fills()[0].fee.value, 100.1 * 0.001);
}

TEST(BarVenueLimit, CostsNeverPushATakerBeyondItsLimit) {
  VenueBench bench(costly());
  bench.flat_bar(100);
  const OrderId buy = bench.send(limit(Side::buy, 1, 100.05)), sell = bench.send(limit(Side::sell, 1, 99.95));
  bench.bar(100, 101, 99, 100);
  EXPECT_EQ(bench.fills_of(buy)[0].price, Price(100.05));
  EXPECT_EQ(bench.fills_of(sell)[0].price, Price(99.95));
}

TEST(BarVenueLimit, PostOnlyIsRejectedWhereItWouldTake) {
  VenueBench bench;
  bench.flat_bar(100);
  OrderRequest request = limit(Side::buy, 1, 105);
  request.post_only = true;
  const OrderId id = bench.send(request);
  bench.bar(100, 101, 99, 100);
  EXPECT_EQ(bench.story(id), "accepted rejected:post_only_would_take");
  EXPECT_TRUE(bench.log.back().order_done);
}

TEST(BarVenueLimit, PostOnlyThatRestsMakesLikeAnyOther) {
  VenueBench bench;
  bench.flat_bar(100);
  OrderRequest request = limit(Side::sell, 1, 105);
  request.post_only = true;
  const OrderId id = bench.send(request);
  bench.flat_bar(100);
  bench.bar(110, 111, 109, 110);
  ASSERT_EQ(bench.story(id), "accepted filled") << "a later gap is no taking";
  EXPECT_EQ(bench.fills()[0].price, Price(110));
}

TEST(BarVenueLimit, SeveralLevelsFillInOneBar) {
  VenueBench bench;
  bench.flat_bar(100);
  for (const double price : {99.0, 98.0, 97.0, 90.0}) bench.send(limit(Side::buy, 1, price));
  bench.bar(100, 100, 96, 97);
  EXPECT_EQ(bench.fills().size(), 3u);
  EXPECT_EQ(bench.ledger.position(0), Quantity(3));
}

}  // namespace
}  // namespace hftsim
