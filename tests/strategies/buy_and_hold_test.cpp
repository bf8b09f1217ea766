#include "strategies/buy_and_hold.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

// The sides said on the next `bars` bars.
std::string said(StrategyBench& bench, int bars, InstrumentId instrument = 0) {
  std::string sides;
  for (int i = 0; i < bars; ++i) {
    const Signal signal = bench.show({.warm = false, .instrument = instrument});
    sides += signal.side == SignalSide::hold ? '-' : signal.side == SignalSide::buy ? 'B' : 'S';
  }
  return sides;
}

TEST(BuyAndHold, BuysOnTheFirstBarWithFullConfidence) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  expect_signal(bench.show({.warm = false}), {SignalSide::buy, 1});
  EXPECT_FALSE(strategy.needs_warm_row());
  EXPECT_TRUE(strategy.features().empty());
}

TEST(BuyAndHold, HoldsFromThenOn) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 1), "B");
  bench.account.quantities[0] = 3;
  EXPECT_EQ(said(bench, 40), std::string(40, '-'));
}

TEST(BuyAndHold, WaitsForAPendingOrder) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 1), "B");
  bench.account.pending[0] = 1;
  EXPECT_EQ(said(bench, 40), std::string(40, '-'));
}

TEST(BuyAndHold, AsksAgainEverMoreRarelyWhereTheEntryCameToNothing) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 16), "BB-B---B-------B");
}

TEST(BuyAndHold, DoesNotReopenWhatAStopHasClosed) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 1), "B");
  bench.account.quantities[0] = 3;
  EXPECT_EQ(said(bench, 1), "-");
  bench.account.quantities[0] = 0;
  EXPECT_EQ(said(bench, 40), std::string(40, '-'));
}

TEST(BuyAndHold, AFillSeenOnlyAsAReportCounts) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 1), "B");
  bench.report(ReportKind::filled);
  EXPECT_EQ(said(bench, 40), std::string(40, '-'));
}

TEST(BuyAndHold, ARejectionDoesNotCountAsAFill) {
  BuyAndHold strategy;
  StrategyBench bench(strategy);
  EXPECT_EQ(said(bench, 1), "B");
  bench.report(ReportKind::rejected);
  EXPECT_EQ(said(bench, 1), "B");
}

TEST(BuyAndHold, EveryInstrumentHasItsOwnFirstBar) {
  BuyAndHold strategy;
  StrategyBench bench(strategy, 2);
  EXPECT_EQ(said(bench, 1, 0), "B");
  bench.account.quantities[0] = 3;
  EXPECT_EQ(said(bench, 2, 0), "--");
  EXPECT_EQ(said(bench, 1, 1), "B");
}

}  // namespace
}  // namespace hftsim
