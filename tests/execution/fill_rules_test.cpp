#include "engine/execution/fill_rules.h"

#include <gtest/gtest.h>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(FillRules, ALimitThroughNeedsAPriceBeyondItATouchDoesNot) {
  const Level through = limit_level(Side::buy, Price(100), LimitFill::through);
  EXPECT_FALSE(through.is_met_by(Price(100)));
  EXPECT_TRUE(through.is_met_by(Price(99.99)));
  EXPECT_TRUE(limit_level(Side::buy, Price(100), LimitFill::touch).is_met_by(Price(100)));
  EXPECT_FALSE(limit_level(Side::sell, Price(100), LimitFill::touch).is_met_by(Price(99.99)));
}

TEST(FillRules, BuyLimitsAndSellStopsWaitForAFall) {
  EXPECT_TRUE(waits_for_fall(OrderType::limit, Side::buy));
  EXPECT_TRUE(waits_for_fall(OrderType::take_profit, Side::buy));
  for (const OrderType stop : {OrderType::stop, OrderType::stop_limit, OrderType::trailing_stop}) {
    EXPECT_TRUE(waits_for_fall(stop, Side::sell));
    EXPECT_FALSE(waits_for_fall(stop, Side::buy));
  }
  EXPECT_FALSE(waits_for_fall(OrderType::limit, Side::sell));
}

TEST(FillRules, ATouchIsAtTheLevelOrWhereThePriceStartsBeyondIt) {
  const Level stop{Price(98), true, false};
  EXPECT_EQ(first_touch(stop, Price(100), Price(97)), Price(98));
  EXPECT_EQ(first_touch(stop, Price(96), Price(97)), Price(96));
  EXPECT_EQ(first_touch(stop, Price(100), Price(98)), Price(98));
  EXPECT_EQ(first_touch(stop, Price(100), Price(98.5)), std::nullopt);
}

// Naive: the first of a thousand steps between the two prices that meets the level.
TEST(FillRules, ATouchIsTheFirstPriceOnTheWayThatMeetsTheLevel) {
  RandomStream random(1, "touch");
  int touched = 0;
  for (int round = 0; round < 500; ++round) {
    const Level level{Price(90 + 20 * random.uniform()), random.below(2) == 0, random.below(2) == 0};
    const double from = 90 + 20 * random.uniform(), to = 90 + 20 * random.uniform();
    const auto touch = first_touch(level, Price(from), Price(to));
    std::optional<double> naive;
    for (int step = 0; step <= 1000 && !naive; ++step) {
      const double p = from + (to - from) * step / 1000;
      if (level.is_met_by(Price(p))) naive = p;
    }
    ASSERT_EQ(touch.has_value(), naive.has_value());
    if (!touch) continue;
    ++touched;
    EXPECT_NEAR(touch->value, *naive, std::fabs(to - from) / 1000 + 1e-9);
  }
  EXPECT_GT(touched, 100);
}

TEST(FillRules, ThePathGoesToTheNearestExtremeFirst) {
  const auto high_first = bar_path({100, 101, 95, 99, 1});
  EXPECT_EQ(high_first[1], Price(101));
  EXPECT_EQ(high_first[2], Price(95));
  const auto low_first = bar_path({100, 110, 99, 105, 1});
  EXPECT_EQ(low_first[1], Price(99));
  EXPECT_EQ(low_first[2], Price(110));
  EXPECT_EQ(bar_path({100, 101, 99, 100, 1})[1], Price(101)) << "both as near: the high";
}

TEST(FillRules, ATrailFollowsTheHighestForASellAndTheLowestForABuy) {
  EXPECT_EQ(better_for_trail(Side::sell, Price(100), Price(101)), Price(101));
  EXPECT_EQ(better_for_trail(Side::sell, Price(100), Price(99)), Price(100));
  EXPECT_EQ(better_for_trail(Side::buy, Price(100), Price(99)), Price(99));
  EXPECT_EQ(better_for_trail(Side::buy, Price(kNoPrice), Price(99)), Price(99));
}

TEST(FillRules, OnlyAPositionOnTheOtherSideCanBeReduced) {
  EXPECT_EQ(reducible(Quantity(3), Side::sell), Quantity(3));
  EXPECT_EQ(reducible(Quantity(3), Side::buy), Quantity(0));
  EXPECT_EQ(reducible(Quantity(-2), Side::buy), Quantity(2));
  EXPECT_EQ(reducible(Quantity(0), Side::buy), Quantity(0));
}

}  // namespace
}  // namespace hftsim
