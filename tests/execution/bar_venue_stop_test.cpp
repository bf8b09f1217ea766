// Stops of every kind and take-profits: trigger, gap, what they become.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig on_path() {
  BarVenueConfig config;
  config.intrabar = IntrabarRule::path;
  return config;
}

// Both rules agree where a bar reaches only one order.
class BarVenueStop : public testing::TestWithParam<IntrabarRule> {
 protected:
  BarVenueStop() : bench(config()) { bench.flat_bar(100); }
  static BarVenueConfig config() {
    BarVenueConfig config;
    config.intrabar = GetParam();
    return config;
  }
  VenueBench bench;
};
INSTANTIATE_TEST_SUITE_P(Rules, BarVenueStop, testing::Values(IntrabarRule::pessimistic, IntrabarRule::path),
                         [](const auto& rule) { return std::string(name_of(rule.param)); });

TEST_P(BarVenueStop, TriggersAtItsPriceInsideTheBar) {
  const OrderId id = bench.send(stop(Side::sell, 1, 98));
  bench.bar(100, 101, 98, 99);
  ASSERT_EQ(bench.story(id), "accepted triggered filled");
  EXPECT_EQ(bench.fills()[0].price, Price(98));
  EXPECT_EQ(bench.fills()[0].ts, bench.now());
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::taker);
}

TEST_P(BarVenueStop, FillsAtTheOpenWhereThatIsWorse) {
  const OrderId sell = bench.send(stop(Side::sell, 1, 98)), buy = bench.send(stop(Side::buy, 1, 102));
  bench.flat_bar(100);
  bench.bar(95, 97, 94, 96);
  EXPECT_EQ(bench.fills_of(sell)[0].price, Price(95));
  EXPECT_EQ(bench.fills_of(sell)[0].ts, bench.now() - kMinute);
  bench.bar(104, 105, 103, 104);
  EXPECT_EQ(bench.fills_of(buy)[0].price, Price(104));
}

TEST_P(BarVenueStop, DoesNotTriggerShortOfItsPrice) {
  const OrderId id = bench.send(stop(Side::buy, 1, 102));
  bench.bar(100, 101.99, 90, 100);
  EXPECT_EQ(bench.story(id), "accepted");
}

TEST_P(BarVenueStop, TakeProfitFillsAtItsPriceOrABetterOpen) {
  const OrderId inside = bench.send(take_profit(Side::sell, 1, 105));
  const OrderId gapped = bench.send(take_profit(Side::sell, 1, 110));
  bench.bar(100, 105, 99, 101);
  ASSERT_EQ(bench.story(inside), "accepted triggered filled");
  EXPECT_EQ(bench.fills_of(inside)[0].price, Price(105));
  bench.bar(112, 113, 111, 112);
  EXPECT_EQ(bench.fills_of(gapped)[0].price, Price(112));
}

TEST_P(BarVenueStop, TakeProfitOfAShortLooksDown) {
  const OrderId id = bench.send(take_profit(Side::buy, 1, 95));
  bench.bar(100, 101, 96, 97);
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(97, 98, 94, 96);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(95));
}

TEST_P(BarVenueStop, StopLimitFillsAtTheTriggerWhereTheLimitLeavesRoom) {
  const OrderId id = bench.send(stop_limit(Side::sell, 1, 98, 97));
  bench.bar(100, 101, 96, 96.5);
  ASSERT_EQ(bench.story(id), "accepted triggered filled");
  EXPECT_EQ(bench.fills()[0].price, Price(98));
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::taker);
}

TEST_P(BarVenueStop, StopLimitRestsWhereTheOpenGapsBeyondItsLimit) {
  const OrderId id = bench.send(stop_limit(Side::sell, 1, 98, 97));
  bench.bar(95, 96, 94, 95);
  EXPECT_EQ(bench.story(id), "accepted triggered");
  bench.bar(95, 98, 95, 96);
  ASSERT_EQ(bench.story(id), "accepted triggered filled");
  EXPECT_EQ(bench.fills()[0].price, Price(97));
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::maker);
}

TEST_P(BarVenueStop, StopLimitTriggeredAtTheOpenMayRestAndFillInTheSameBar) {
  const OrderId id = bench.send(stop_limit(Side::sell, 1, 98, 97));
  bench.bar(95, 98, 94, 95);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(97));
}

TEST_P(BarVenueStop, TrailingStopFollowsTheBestPriceOverBars) {
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.bar(100, 104, 99, 104);     // now at 101
  bench.bar(104, 106, 103.5, 106);  // now at 103
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(106, 106, 102, 104);
  ASSERT_EQ(bench.story(id), "accepted triggered filled");
  EXPECT_EQ(bench.fills()[0].price, Price(103));
}

TEST_P(BarVenueStop, TrailingStopOfAShortFollowsDown) {
  const OrderId id = bench.send(trailing_stop(Side::buy, 1, 3));
  bench.bar(100, 101, 96, 96);  // now at 99
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(96, 99.5, 96, 98);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(99));
}

TEST_P(BarVenueStop, TrailingStopFillsAtAnOpenBeyondIt) {
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.flat_bar(100);
  bench.bar(90, 91, 89, 90);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(90));
}

TEST_P(BarVenueStop, TrailingStopStartsFromItsFirstOpenNotFromOlderPrices) {
  bench.bar(100, 150, 100, 100);
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.bar(100, 101, 98.5, 100);
  EXPECT_EQ(bench.story(id), "accepted");
}

TEST(BarVenueTrailingStop, PessimisticTakesTheLowBeforeTheHigh) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.bar(100, 106, 96, 102);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(97)) << "from the open, not from the high";
}

TEST(BarVenueTrailingStop, PessimisticMovesTheLevelAtTheEndOfTheBar) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.bar(100, 106, 98, 99);
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(98.5, 99, 98, 99);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(98.5)) << "the level is 103 by now, the open is worse";
}

TEST(BarVenueTrailingStop, OnAPathTheLevelMovesWithThePrice) {
  VenueBench bench(on_path());
  bench.flat_bar(100);
  const OrderId id = bench.send(trailing_stop(Side::sell, 1, 3));
  bench.bar(100, 101, 97.5, 99);  // up to 101, then down to 98
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(98));
}

TEST(BarVenueStopLimit, PessimisticRestsUntilTheNextBarWhenTriggeredInsideOne) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(stop_limit(Side::buy, 1, 102, 101));
  bench.bar(100, 103, 96, 97);
  EXPECT_EQ(bench.story(id), "accepted triggered");
  bench.bar(102, 102.5, 100.5, 101);
  EXPECT_EQ(bench.fills_of(id)[0].price, Price(101));
}

TEST(BarVenueStopLimit, OnAPathItFillsWhenThePriceComesBackToItsLimit) {
  VenueBench bench(on_path());
  bench.flat_bar(100);
  const OrderId id = bench.send(stop_limit(Side::buy, 1, 102, 101));
  bench.bar(100, 102.5, 96, 97);  // up to 102.5 first, then down through 101
  ASSERT_EQ(bench.story(id), "accepted triggered filled");
  EXPECT_EQ(bench.fills()[0].price, Price(101));
  EXPECT_EQ(bench.fills()[0].liquidity, Liquidity::maker);
}

TEST(BarVenueStopLimit, PostOnlyIsRejectedWhereItWouldTakeWhenTriggered) {
  VenueBench bench;
  bench.flat_bar(100);
  OrderRequest request = stop_limit(Side::buy, 1, 102, 103);
  request.post_only = true;
  const OrderId id = bench.send(request);
  bench.bar(100, 105, 99, 104);
  EXPECT_EQ(bench.story(id), "accepted triggered rejected:post_only_would_take");
}

TEST(BarVenueStopSlippage, ATriggeredStopPaysSlippageBeyondItsPrice) {
  BarVenueConfig config;
  config.slippage_bps = 10;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId loss = bench.send(stop(Side::sell, 1, 98)), win = bench.send(take_profit(Side::sell, 1, 105));
  bench.bar(100, 106, 97, 100);
  EXPECT_DOUBLE_EQ(bench.fills_of(loss)[0].price.value, 98 * 0.999);
  EXPECT_DOUBLE_EQ(bench.fills_of(win)[0].price.value, 105 * 0.999);
}

}  // namespace
}  // namespace hftsim
