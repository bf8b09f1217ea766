#include "strategies/sma_cross.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

const SmaCrossParams kParams{.fast = 5, .slow = 10};

// The sides said for fast - slow = each of `differences`, as "-", "B", "S"; NaN: not known.
std::string said(StrategyBench& bench, const std::vector<double>& differences, InstrumentId instrument = 0) {
  std::string sides;
  for (const double difference : differences) {
    const FeatureValues features = {{"sma_5", 100 + difference}, {"sma_10", 100}};
    const Signal signal = bench.show({.features = features, .warm = false, .instrument = instrument});
    sides += signal.side == SignalSide::hold ? '-' : signal.side == SignalSide::buy ? 'B' : 'S';
    EXPECT_EQ(signal.confidence, signal.side == SignalSide::hold ? 0 : 1);
  }
  return sides;
}

std::string said(const std::vector<double>& differences) {
  SmaCross strategy(kParams);
  StrategyBench bench(strategy);
  return said(bench, differences);
}

TEST(SmaCross, BuysOnTheBarOfACrossAboveAndOnNoOther) {
  EXPECT_EQ(said({-1, -1, 1, 2, 3}), "--B--");
}
TEST(SmaCross, SellsOnTheBarOfACrossBelowAndOnNoOther) {
  EXPECT_EQ(said({1, 1, -1, -2, -3}), "--S--");
}
TEST(SmaCross, TheFirstKnownBarOnlyStartsTheComparison) {
  EXPECT_EQ(said({1, 1}), "--");
  EXPECT_EQ(said({-1, -1}), "--");
}
TEST(SmaCross, EqualCountsAsNotAboveAndNotBelow) {
  EXPECT_EQ(said({0, 1}), "-B") << "<= to >";
  EXPECT_EQ(said({0, -1}), "-S") << ">= to <";
  EXPECT_EQ(said({-1, 0, 1}), "--B");
  EXPECT_EQ(said({1, 0, -1}), "--S");
  EXPECT_EQ(said({1, 0, 1}), "--B") << "from equal to above is a cross, whatever came before";
  EXPECT_EQ(said({-1, 0, -1}), "--S");
  EXPECT_EQ(said({1, 0, 0}), "---");
}
TEST(SmaCross, UnknownMeansAreSkipped) {
  EXPECT_EQ(said({kUnknown, kUnknown, -1, 1}), "---B");
  EXPECT_EQ(said({-1, kUnknown, 1}), "--B");
}

TEST(SmaCross, ACrossWhileAnOrderIsPendingIsPassedOver) {
  SmaCross strategy(kParams);
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, {-1}), "-");
  bench.account.pending[0] = 1;
  EXPECT_EQ(said(bench, {1}), "-");
  bench.account.pending[0] = 0;
  EXPECT_EQ(said(bench, {1, 2, -1}), "--S") << "not made up for, and the next cross counts";
}

TEST(SmaCross, InstrumentsDoNotMix) {
  SmaCross strategy(kParams);
  StrategyBench bench(strategy, 2);
  EXPECT_EQ(said(bench, {-1}, 0), "-");
  EXPECT_EQ(said(bench, {1}, 1), "-") << "the other instrument's first bar";
  bench.account.pending[1] = 1;
  EXPECT_EQ(said(bench, {1}, 0), "B") << "the other instrument's pending order";
}

TEST(SmaCross, FastOfOneIsTheClose) {
  SmaCross strategy({.fast = 1, .slow = 10});
  StrategyBench bench(strategy);
  EXPECT_EQ(bench.names(), std::vector<std::string>{"sma_10"});
  const FeatureValues features = {{"sma_10", 100}};
  EXPECT_EQ(bench.show({.close = 99, .features = features}).side, SignalSide::hold);
  EXPECT_EQ(bench.show({.close = 101, .features = features}).side, SignalSide::buy);
  EXPECT_EQ(bench.show({.close = 99, .features = features}).side, SignalSide::sell);
}

TEST(SmaCross, StartForgetsTheRunBefore) {
  SmaCross strategy(kParams);
  {
    StrategyBench bench(strategy);
    said(bench, {-1});
  }
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, {1}), "-");
}

TEST(SmaCross, LooksAtColdRowsItself) {
  EXPECT_FALSE(SmaCross(kParams).needs_warm_row());
}

}  // namespace
}  // namespace hftsim
