// Trades in, bars out: where each kind of bar closes, and what is in it.
#include "replay/bar_aggregator.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "engine/core/errors.h"
#include "tests/replay/trade_bars_bench.h"

namespace hftsim {
namespace {

using namespace test;

constexpr BarSpec kMinutes{BarMeasure::time, kMinute};

BarSpec threshold(BarMeasure measure, std::int64_t digits, int exponent = 0) {
  return {measure, kMinute, digits, exponent};
}

// As a live session uses it: every bar that comes out.
std::vector<Event> run(BarAggregator& aggregator, const std::vector<Event>& trades) {
  std::vector<Event> bars;
  Event bar;
  for (const Event& trade : trades) {
    while (aggregator.close_due(trade.ts(), bar)) bars.push_back(bar);
    if (aggregator.add(trade, bar)) bars.push_back(bar);
  }
  return bars;
}

void expect_bar(const Event& bar, std::int64_t ts_ns, const BarBody& body, std::uint32_t trades) {
  EXPECT_EQ(bar.ts_ns, ts_ns);
  EXPECT_EQ(bar.recv_ns, ts_ns);
  EXPECT_EQ(bar.bar.open, body.open);
  EXPECT_EQ(bar.bar.high, body.high);
  EXPECT_EQ(bar.bar.low, body.low);
  EXPECT_EQ(bar.bar.close, body.close);
  EXPECT_EQ(bar.bar.volume, body.volume);
  EXPECT_EQ(bar.trades, trades);
}

TEST(BarAggregator, ATradeOnABoundaryOpensTheNextBar) {
  BarAggregator aggregator(kMinutes, traded(), 3);
  aggregator.begin(Timestamp(kNoonNs));
  const auto bars = run(
      aggregator, {trade_at(kNoonNs, 100, 5, 1), trade_at(kNoonNs + kMinuteNs - 1, 90, 2, 2),
                   trade_at(kNoonNs + kMinuteNs, 110, 1, 3), trade_at(kNoonNs + 2 * kMinuteNs, 120, 1, 4)});
  ASSERT_EQ(bars.size(), 2u);
  expect_bar(bars[0], kNoonNs + kMinuteNs, {1, 1, 0.9, 0.9, 0.007}, 2);
  expect_bar(bars[1], kNoonNs + 2 * kMinuteNs, {1.1, 1.1, 1.1, 1.1, 0.001}, 1);
  EXPECT_EQ(bars[0].instrument, 3);
}

TEST(BarAggregator, TimeAloneClosesABarWithoutAFurtherTrade) {
  BarAggregator aggregator(kMinutes, traded(), 0);
  aggregator.begin(Timestamp(kNoonNs));
  run(aggregator, {trade_at(kNoonNs + 1, 100, 5, 1)});
  Event bar;
  EXPECT_EQ(aggregator.due_ns(), kNoonNs + kMinuteNs);
  EXPECT_FALSE(aggregator.close_due(Timestamp(kNoonNs + kMinuteNs - 1), bar));
  EXPECT_TRUE(aggregator.close_due(Timestamp(kNoonNs + kMinuteNs), bar));
  EXPECT_FALSE(aggregator.close_due(Timestamp(kNoonNs + kMinuteNs), bar)) << "once";
}

TEST(BarAggregator, AMinuteWithoutTradesIsFlatAtTheLastCloseButNotBeforeTheFirstTrade) {
  BarAggregator aggregator(kMinutes, traded(), 0);
  aggregator.begin(Timestamp(kNoonNs - 10 * kMinuteNs));
  const auto bars = run(aggregator, {trade_at(kNoonNs, 100, 5, 1), trade_at(kNoonNs + 1, 105, 5, 2),
                                     trade_at(kNoonNs + 3 * kMinuteNs, 1, 1, 3)});
  ASSERT_EQ(bars.size(), 3u);
  expect_bar(bars[1], kNoonNs + 2 * kMinuteNs, {1.05, 1.05, 1.05, 1.05, 0}, 0);
  expect_bar(bars[2], kNoonNs + 3 * kMinuteNs, {1.05, 1.05, 1.05, 1.05, 0}, 0);
  EXPECT_EQ(aggregator.counts().empty_bars, 2u);
  EXPECT_EQ(bars[1].flags, 0);
}

TEST(BarAggregator, WeeksBeginOnMondaysAndDaysAtMidnight) {
  constexpr std::int64_t kMondayNs = 1'722'816'000'000'000'000;  // 2024-08-05
  for (const auto& [days, opens_ns] :
       {std::pair{7, kMondayNs}, std::pair{1, kNoonNs - 12 * 60 * kMinuteNs}}) {
    BarAggregator aggregator({BarMeasure::time, days * kDay}, traded(), 0, {.keep_partial = true});
    run(aggregator, {trade_at(kNoonNs, 100, 5, 1)});
    EXPECT_EQ(aggregator.due_ns(), opens_ns + days * kDay.value);
  }
}

TEST(BarAggregator, GridsLieRightBefore1970Too) {
  BarAggregator aggregator(kMinutes, traded(), 0);
  run(aggregator, {trade_at(-1, 100, 5, 1)});
  EXPECT_EQ(aggregator.due_ns(), 0);
}

TEST(BarAggregator, LeavesOutTheBarThatHadBegunBeforeTheData) {
  const auto trades_from = [](std::uint64_t id) {
    return std::vector{trade_at(kNoonNs + 5, 100, 5, id), trade_at(kNoonNs + kMinuteNs, 100, 5, id + 1),
                       trade_at(kNoonNs + 2 * kMinuteNs, 100, 5, id + 2)};
  };
  BarAggregator aggregator(kMinutes, traded(), 0);
  EXPECT_EQ(run(aggregator, trades_from(7)).size(), 1u);
  EXPECT_EQ(aggregator.counts().partial_bars, 1u);
  EXPECT_EQ(aggregator.counts().partial_trades, 1u);
  EXPECT_EQ(aggregator.counts().trades, 1u);
  BarAggregator keeping(kMinutes, traded(), 0, {.keep_partial = true});
  const auto bars = run(keeping, trades_from(7));
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_TRUE(bars[0].has(kPartial));
  EXPECT_FALSE(bars[1].has(kPartial));
  BarAggregator first_ever(kMinutes, traded(), 0);
  first_ever.begin(Timestamp(kNoonNs + 1));
  EXPECT_EQ(run(first_ever, trades_from(1)).size(), 2u)
      << "nothing was traded before the trade with the id 1";
}

TEST(BarAggregator, GivesTheOpenBarAtTheEndAsPartial) {
  BarAggregator aggregator(kMinutes, traded(), 0);
  Event bar;
  EXPECT_FALSE(aggregator.finish(bar));
  aggregator.begin(Timestamp(kNoonNs));
  run(aggregator, {trade_at(kNoonNs + 5, 100, 5, 1)});
  ASSERT_TRUE(aggregator.finish(bar));
  EXPECT_EQ(bar.ts_ns, kNoonNs + kMinuteNs);
  EXPECT_TRUE(bar.has(kPartial));
  EXPECT_EQ(aggregator.counts().partial_trades, 1u);
  EXPECT_EQ(aggregator.counts().bars, 0u);
  EXPECT_FALSE(aggregator.finish(bar));
}

TEST(BarAggregator, TheTradeThatReachesAThresholdIsWhollyInTheBar) {
  const std::vector<Event> trades{trade_at(1, 100, 4'000, 1), trade_at(2, 100, 9'000, 2),
                                  trade_at(3, 200, 1'000, 3), trade_at(4, 200, 5'000, 4)};
  BarAggregator volume(threshold(BarMeasure::volume, 5), traded(), 0);
  auto bars = run(volume, trades);
  ASSERT_EQ(bars.size(), 2u);
  expect_bar(bars[0], 2, {1, 1, 1, 1, 13}, 2);
  expect_bar(bars[1], 4, {2, 2, 2, 2, 6}, 2);
  BarAggregator dollar(threshold(BarMeasure::dollar, 2), traded(), 0);  // 4, 9, 2 and 10 of money
  bars = run(dollar, trades);
  ASSERT_EQ(bars.size(), 4u);
  expect_bar(bars[2], 3, {2, 2, 2, 2, 1}, 1);
}

TEST(BarAggregator, AThresholdReachedExactlyCloses) {
  BarAggregator volume(threshold(BarMeasure::volume, 5, -1), traded(), 0);
  EXPECT_EQ(run(volume, {trade_at(1, 100, 499, 1), trade_at(2, 100, 1, 2)}).size(), 1u);
  EXPECT_EQ(run(volume, {trade_at(1, 100, 499, 3)}).size(), 0u);
  BarAggregator dollar(threshold(BarMeasure::dollar, 1), traded(), 0);
  EXPECT_EQ(run(dollar, {trade_at(1, 100, 999, 1), trade_at(2, 100, 1, 2)}).size(), 1u);
}

TEST(BarAggregator, AnAggregateCountsTheTradesInIt) {
  Event aggregate = trade_at(1, 100, 4, 7);
  aggregate.trade.id_first = 100, aggregate.trade.id_last = 102;
  BarAggregator aggregator(threshold(BarMeasure::trades, 4), traded(), 0);
  EXPECT_EQ(run(aggregator, {aggregate}).size(), 0u);
  aggregate.trade.seq = 8, aggregate.trade.id_first = aggregate.trade.id_last = 103;
  const auto bars = run(aggregator, {aggregate});
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].trades, 4u);
  EXPECT_EQ(aggregator.counts().trades, 2u) << "messages";
}

TEST(BarAggregator, ACountBeyond32BitsIsTheGreatest) {
  Event aggregate = trade_at(1, 100, 4, 7);
  aggregate.trade.id_first = 0, aggregate.trade.id_last = std::numeric_limits<std::uint64_t>::max();
  BarAggregator aggregator(threshold(BarMeasure::trades, 1), traded(), 0);
  EXPECT_EQ(run(aggregator, {aggregate}).at(0).trades, std::numeric_limits<std::uint32_t>::max());
}

TEST(BarAggregator, LeavesOutAndCountsWhatIsNoTradeOfTheBook) {
  BarAggregator aggregator(threshold(BarMeasure::trades, 1), traded(), 0);
  EXPECT_EQ(run(aggregator, {trade_at(1, 100, 4, 1, 0, kOffBook), trade_at(2, 0, 4, 2), trade_at(3, -1, 4, 3),
                             trade_at(4, 1, 0, 4), trade_at(5, 1, -4, 5), trade_at(INT64_MAX, 1, 4, 6)})
                .size(),
            0u);
  EXPECT_EQ(aggregator.counts().off_book, 1u);
  EXPECT_EQ(aggregator.counts().impossible, 5u);
}

TEST(BarAggregator, TakesATradeThatComesTwiceOnce) {
  BarAggregator aggregator(threshold(BarMeasure::trades, 3), traded(), 0);
  const auto bars = run(aggregator, {trade_at(1, 100, 4, 1), trade_at(1, 100, 4, 1), trade_at(1, 100, 4, 2),
                                     trade_at(2, 100, 4, 2), trade_at(3, 100, 1, 0), trade_at(3, 100, 1, 0)});
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(aggregator.counts().repeated, 1u) << "not those of another time or without an id";
}

TEST(BarAggregator, TakesAggregatesOrSingleTradesWhicheverCameFirst) {
  Event aggregate = trade_at(1, 100, 9, 7);
  aggregate.trade.id_first = 100, aggregate.trade.id_last = 102;
  BarAggregator aggregator(threshold(BarMeasure::trades, 3), traded(), 0);
  EXPECT_EQ(run(aggregator,
                {aggregate, trade_at(1, 100, 3, 100), trade_at(1, 100, 3, 101), trade_at(1, 100, 3, 102)})
                .size(),
            1u);
  EXPECT_EQ(aggregator.counts().repeated, 3u);
}

TEST(BarAggregator, ALateTradeIsInNoTimeBarAndCounted) {
  BarAggregator aggregator(kMinutes, traded(), 0);
  aggregator.begin(Timestamp(kNoonNs));
  run(aggregator, {trade_at(kNoonNs, 100, 5, 1), trade_at(kNoonNs + kMinuteNs, 100, 5, 2),
                   trade_at(kNoonNs + kMinuteNs - 1, 999, 5, 3)});
  EXPECT_EQ(aggregator.counts().late, 1u);
  Event bar;
  ASSERT_TRUE(aggregator.close_due(Timestamp(kNoonNs + 2 * kMinuteNs), bar));
  EXPECT_EQ(bar.bar.high, 1.0);
}

TEST(BarAggregator, AStreamThatWasCutOffHasNoFlatBarsUntilTheNextTrade) {
  for (const bool fills : {false, true}) {
    BarAggregator aggregator(kMinutes, traded(), 0, {.fill_breaks = fills});
    aggregator.begin(Timestamp(kNoonNs));
    auto bars = run(aggregator, {trade_at(kNoonNs, 100, 5, 1)});
    aggregator.break_off();
    const auto more = run(aggregator, {trade_at(kNoonNs + 4 * kMinuteNs, 100, 5, 2),
                                       trade_at(kNoonNs + 6 * kMinuteNs, 100, 5, 3)});
    ASSERT_EQ(more.size(), fills ? 6u : 3u)
        << "the open one, the three between if wanted, the next, a quiet one";
    EXPECT_EQ(aggregator.counts().missing_bars, fills ? 0u : 3u);
    EXPECT_EQ(aggregator.counts().filled_bars, fills ? 3u : 0u);
    EXPECT_EQ(aggregator.counts().empty_bars, 1u);
    EXPECT_EQ(more[1].has(kRepaired), fills);
    EXPECT_FALSE(more.back().has(kRepaired));
  }
}

TEST(BarAggregator, NothingIsKnownOfALongSilence) {
  const std::int64_t long_ns = (BarAggregator::kSilenceMax + 2) * kMinuteNs;
  BarAggregator aggregator(kMinutes, traded(), 0);
  aggregator.begin(Timestamp(kNoonNs));
  const auto bars = run(aggregator, {trade_at(kNoonNs, 100, 5, 1), trade_at(kNoonNs + long_ns, 100, 5, 2)});
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(aggregator.counts().missing_bars, static_cast<std::uint64_t>(BarAggregator::kSilenceMax) + 1);
  BarAggregator quiet(kMinutes, traded(), 0);
  quiet.begin(Timestamp(kNoonNs));
  EXPECT_EQ(run(quiet, {trade_at(kNoonNs, 100, 5, 1), trade_at(kNoonNs + long_ns - 3 * kMinuteNs, 100, 5, 2)})
                .size(),
            static_cast<std::size_t>(BarAggregator::kSilenceMax) - 1);
}

TEST(BarAggregator, SumsAreExactBeyond64Bits) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  BarAggregator aggregator(threshold(BarMeasure::trades, 4), traded("S", {1, 0}, {1, 0}), 0);
  const auto bars =
      run(aggregator, {trade_at(1, kMost, kMost, 1), trade_at(2, kMost, kMost, 2, 0, kBuyerIsMaker),
                       trade_at(3, 1, kMost, 3), trade_at(4, 1, 2, 4)});
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].bar.volume, 3 * 0x1p63) << "3 * (2^63 - 1) + 2";
  EXPECT_TRUE(aggregator.totals().lots == WideCount{3} * static_cast<WideCount>(kMost) + 2);
  EXPECT_TRUE(aggregator.totals().bought_lots == WideCount{2} * static_cast<WideCount>(kMost) + 2);
  const WideCount square = static_cast<WideCount>(kMost) * static_cast<WideCount>(kMost);
  EXPECT_TRUE(aggregator.totals().value == 2 * square + static_cast<WideCount>(kMost) + 2);
  EXPECT_TRUE(aggregator.totals().bought_value == square + static_cast<WideCount>(kMost) + 2);
}

TEST(BarAggregator, ValueBeyond128BitsStillReachesEveryThreshold) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  BarAggregator aggregator(threshold(BarMeasure::dollar, 17, 37), traded("S", {1, 0}, {1, 0}), 0);
  EXPECT_EQ(run(aggregator,
                {trade_at(1, kMost, kMost, 1), trade_at(2, kMost, kMost, 2), trade_at(3, kMost, kMost, 3),
                 trade_at(4, kMost, kMost, 4), trade_at(5, kMost, kMost, 5)})
                .size(),
            2u);
}

TEST(BarAggregator, RefusesAThresholdThatTheStepsDoNotHold) {
  EXPECT_THROW(BarAggregator(threshold(BarMeasure::volume, 1, 30), traded("S", {1, 2}, {1, 18}), 0),
               BadInput);
  BarAggregator(threshold(BarMeasure::volume, 1, 18), traded("S", {1, 2}, {1, 18}), 0);
}

TEST(BarAggregator, VolumeIsTheDoubleThatAKlineReadsAs) {
  BarAggregator aggregator(threshold(BarMeasure::trades, 3), traded("S", {1, 2}, {1, 1}), 0);
  const auto bars = run(aggregator, {trade_at(1, 1, 1, 1), trade_at(2, 1, 1, 2), trade_at(3, 1, 1, 3)});
  EXPECT_EQ(bars.at(0).bar.volume, 0.3) << "0.1 + 0.1 + 0.1 is another";
}

}  // namespace
}  // namespace hftsim
