// The participation cap and the square-root impact.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig capped(double participation) {
  BarVenueConfig config;
  config.participation = participation;
  return config;
}

TEST(BarVenueVolume, AMarketOrderTakesItsShareOfEveryBarUntilItIsFilled) {
  VenueBench bench(capped(0.1));
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 25));
  for (const double price : {101.0, 102.0, 103.0, 104.0}) bench.flat_bar(price, 100);
  const auto fills = bench.fills_of(id);
  ASSERT_EQ(fills.size(), 3u);
  EXPECT_EQ(fills[0].quantity, Quantity(10));
  EXPECT_EQ(fills[1].remaining, Quantity(5));
  EXPECT_FALSE(fills[1].order_done);
  EXPECT_EQ(fills[2].price, Price(103));
  EXPECT_TRUE(fills[2].order_done);
}

TEST(BarVenueVolume, TheCapIsSharedInTheOrderOfArrival) {
  VenueBench bench(capped(0.1));
  bench.flat_bar(100);
  const OrderId first = bench.send(market(Side::buy, 7)), second = bench.send(market(Side::sell, 7));
  const OrderId third = bench.send(limit(Side::buy, 7, 99));
  bench.bar(100, 101, 98, 100, 100);
  EXPECT_EQ(bench.fills_of(first)[0].quantity, Quantity(7));
  EXPECT_EQ(bench.fills_of(second)[0].quantity, Quantity(3));
  EXPECT_EQ(bench.story(third), "accepted");
}

TEST(BarVenueVolume, ACloseFillGetsWhatTheBarsOtherFillsLeave) {
  BarVenueConfig config = capped(0.1);
  config.fill = FillRule::close;
  VenueBench bench(config);
  bench.flat_bar(100);
  bench.send(limit(Side::buy, 7, 99));
  OrderId id = 0;
  bench.bar(100, 101, 98, 100, 100, [&] { id = bench.send(market(Side::buy, 7)); });
  EXPECT_EQ(bench.fills_of(id)[0].quantity, Quantity(3));
  bench.flat_bar(105, 100);
  EXPECT_EQ(bench.fills_of(id)[1].price, Price(105)) << "the rest goes on at the next open";
  EXPECT_EQ(bench.fills_of(id)[1].quantity, Quantity(4));
}

TEST(BarVenueVolume, TheCapIsAMultipleOfTheLotTowardsZero) {
  auto instruments = instruments_on_bench();
  instruments[0].lot_size = 1;
  VenueBench bench(capped(0.1), {}, instruments);
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 25));
  bench.flat_bar(100, 109);
  EXPECT_EQ(bench.fills_of(id)[0].quantity, Quantity(10));
}

TEST(BarVenueVolume, SplittingLeavesNoDustBehind) {
  VenueBench bench(capped(0.1));
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 0.3));
  for (int i = 0; i < 3; ++i) bench.flat_bar(100, 1);
  const auto fills = bench.fills_of(id);
  ASSERT_EQ(fills.size(), 3u);
  EXPECT_TRUE(fills[2].order_done);
  EXPECT_NEAR(bench.ledger.position(0).value, 0.3, 1e-15);
}

TEST(BarVenueVolume, ABarWithoutVolumeFillsNothingUnderACap) {
  VenueBench bench(capped(0.1));
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 1));
  bench.flat_bar(100, 0);
  EXPECT_EQ(bench.story(id), "accepted");
  bench.flat_bar(100, 100);
  EXPECT_EQ(bench.story(id), "accepted filled");
}

TEST(BarVenueVolume, WithoutACapOneBarFillsAnything) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.send(market(Side::buy, 1e6));
  bench.flat_bar(100, 1);
  EXPECT_EQ(bench.fills()[0].quantity, Quantity(1e6));
}

class BarVenueImpact : public testing::Test {
 protected:
  static BarVenueConfig config(FillRule fill = FillRule::next_open) {
    BarVenueConfig config;
    config.impact = 0.5;
    config.fill = fill;
    return config;
  }
  // Closes that go up and down by 1 % for so many bars.
  static void swing(VenueBench& bench, int bars) {
    for (int i = 0; i < bars; ++i) bench.flat_bar(i % 2 == 0 ? 100 : 101);
  }
  static double deviation_of_the_swing() {
    const double up = 101.0 / 100 - 1, down = 100.0 / 101 - 1, mean = (up + down) / 2;
    return std::sqrt(20 * (up - mean) * (up - mean) / 19);
  }
};

TEST_F(BarVenueImpact, IsNoneBeforeTwentyReturnsAreKnown) {
  VenueBench bench(config());
  swing(bench, 20);
  bench.send(market(Side::buy, 250));
  bench.flat_bar(100, 1000);
  EXPECT_EQ(bench.fills()[0].price, Price(100));
}

TEST_F(BarVenueImpact, FollowsTheSquareRootOfTheOrdersShareOfVolume) {
  VenueBench bench(config());
  swing(bench, 21);
  bench.send(market(Side::buy, 250));
  bench.bar(100, 200, 100, 200, 1000);  // its own close may not matter at its open
  EXPECT_NEAR(bench.fills()[0].price.value, 100 * (1 + 0.5 * deviation_of_the_swing() * 0.5), 1e-9);
}

TEST_F(BarVenueImpact, KnowsTheBarThatHasClosedForACloseFill) {
  VenueBench bench(config(FillRule::close));
  swing(bench, 20);
  bench.bar(100, 100, 100, 100, 1000, [&] { bench.send(market(Side::sell, 1000)); });
  EXPECT_NEAR(bench.fills()[0].price.value, 100 * (1 - 0.5 * deviation_of_the_swing()), 1e-9);
}

TEST_F(BarVenueImpact, MakersHaveNone) {
  VenueBench bench(config());
  swing(bench, 21);
  bench.send(limit(Side::buy, 250, 99));
  bench.bar(100, 100, 98, 99, 1000);
  EXPECT_EQ(bench.fills()[0].price, Price(99));
}

TEST_F(BarVenueImpact, AQuantityByRuleIsTakenAtThePriceWithImpact) {
  VenueBench bench(config());
  bench.ledger.cash = 100000;
  swing(bench, 21);
  OrderRequest request = market(Side::buy, 0);
  request.rule = QuantityRule::target_weight;
  request.target_weight = 0.5;
  bench.send(request);
  bench.flat_bar(100, 1000);
  const ExecutionReport fill = bench.fills()[0];
  EXPECT_GT(fill.price.value, 100);
  EXPECT_NEAR((fill.quantity * fill.price).value, 50000, 1e-6);
}

}  // namespace
}  // namespace hftsim
