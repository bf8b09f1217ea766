// When things become known: orders reach the venue and reports come back the configured latencies later, never
// earlier and never later than the first bar that allows it.
#include "engine/runtime/trading_core.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/rng.h"
#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

constexpr Duration seconds(std::int64_t count) {
  return Duration(count * 1'000'000'000);
}

OrderRequest buy(double quantity) {
  OrderRequest request;
  request.quantity = Quantity(quantity);
  return request;
}

ScriptedStrategy buys_on_bar_two(std::vector<double>& positions) {
  return ScriptedStrategy(
      [&positions](std::size_t bar, const StrategyContext& context, OrderGateway& gateway) {
        positions.push_back(context.position().quantity.value);
        if (bar == 2) gateway.submit(buy(1));
      });
}

TEST(TradingCore, FillsAtTheNextOpenAndTellsOnThatBar) {
  std::vector<double> positions;
  ScriptedStrategy strategy = buys_on_bar_two(positions);
  const RunOutcome run = run_script(plain_setup(), flat_bars(6), strategy);
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.fills()[0].time_ns, close_of(2).value);  // bar 3 opens when bar 2 closes
  EXPECT_EQ(positions, (std::vector<double>{0, 0, 0, 1, 1, 1}));
}

TEST(TradingCore, ComputeAndEntryLatencyDelayTheFill) {
  RunSetup setup = plain_setup();
  setup.trading.desk.latency = {seconds(1), seconds(60), Duration(0)};
  std::vector<double> positions;
  ScriptedStrategy strategy = buys_on_bar_two(positions);
  const RunOutcome run = run_script(setup, flat_bars(7), strategy);
  EXPECT_EQ(run.of(JournalKind::order)[0].time_ns, (close_of(2) + seconds(61)).value);
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.fills()[0].time_ns, close_of(4).value);  // bar 5 is the first to open after the arrival
  EXPECT_EQ(positions, (std::vector<double>{0, 0, 0, 0, 0, 1, 1}));
}

TEST(TradingCore, ResponseLatencyHidesAFillUntilItsReportIsHere) {
  RunSetup setup = plain_setup();
  setup.trading.desk.latency.response = seconds(90);
  std::vector<double> positions;
  ScriptedStrategy strategy = buys_on_bar_two(positions);
  const RunOutcome run = run_script(setup, flat_bars(7), strategy);
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.fills()[0].time_ns, close_of(2).value);
  EXPECT_EQ(run.fills()[0].ts_ns, (close_of(2) + seconds(90)).value);
  EXPECT_EQ(positions, (std::vector<double>{0, 0, 0, 0, 1, 1, 1}));
}

TEST(TradingCore, WithFillCloseTheFillIsKnownAtOnce) {
  RunSetup setup = plain_setup();
  setup.venue.fill = FillRule::close;
  setup.trading.desk.latency = {seconds(1), seconds(60), seconds(90)};
  std::vector<double> positions;
  ScriptedStrategy strategy = buys_on_bar_two(positions);
  run_script(setup, flat_bars(5), strategy);
  ASSERT_FALSE(strategy.heard.empty());
  EXPECT_EQ(strategy.heard.back().now, close_of(2));
  EXPECT_EQ(positions, (std::vector<double>{0, 0, 0, 1, 1}));
}

// Random orders under random latencies: a report is heard on the first bar that closes at or after it is known,
// and the account has it by then.
TEST(TradingCore, AStrategyNeverHearsOfAFillEarlyNorLate) {
  RandomStream random(5, "latencies");
  for (int round = 0; round < 40; ++round) {
    RunSetup setup = plain_setup();
    const auto draw = [&] {
      return Duration(static_cast<std::int64_t>(random.below(200)) * 1'000'000'000);
    };
    setup.trading.desk.latency = {draw(), draw(), draw()};
    setup.venue.participation = 0.01;
    const Bars bars = generated_bars(300, random.next() % 1000);
    double heard_position = 0;
    ScriptedStrategy strategy([&](std::size_t, const StrategyContext&, OrderGateway& gateway) {
      if (random.below(4) != 0) return;
      OrderRequest request = buy(0.01 * random.uniform());
      request.side = random.below(2) == 0 ? Side::buy : Side::sell;
      request.reduce_only = request.side == Side::sell;
      gateway.submit(request);
    });
    const RunOutcome run = run_script(setup, bars, strategy);
    ASSERT_GT(run.fills().size(), 5U);
    for (const ScriptedStrategy::Heard& heard : strategy.heard) {
      ASSERT_EQ(heard.report.known_at, heard.report.ts + setup.trading.desk.latency.response);
      ASSERT_GE(heard.now, heard.report.known_at);
      ASSERT_LT(heard.now - kMinute, heard.report.known_at);
      if (heard.report.kind != ReportKind::filled) continue;
      heard_position += sign_of(heard.report.side) * heard.report.quantity.value;
      ASSERT_NEAR(heard.position, heard_position, 1e-9);
    }
  }
}

TEST(TradingCore, TellsAtTheEndWhatWasStillUnderWay) {
  RunSetup setup = plain_setup();
  setup.trading.desk.latency.response = seconds(3600);
  const RunOutcome run = run_script(setup, flat_bars(10, 100),
                                    [](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
                                      if (bar == 2) gateway.submit(buy(5));
                                      if (bar != 3) return;
                                      OrderRequest resting = buy(1);
                                      resting.type = OrderType::limit;
                                      resting.limit = Price(50);
                                      gateway.submit(resting);
                                    });
  ASSERT_EQ(run.fills().size(), 1U);
  const auto cancelled = run.reports(ReportKind::cancelled);
  ASSERT_EQ(cancelled.size(), 1U);
  EXPECT_EQ(cancelled[0].reason, Reason::end_of_data);
  EXPECT_DOUBLE_EQ(run.cash, 100'000 - 500);
  EXPECT_DOUBLE_EQ(run.marks.back().exposure, 500);
  EXPECT_EQ(run.marks.size(), 10U);
}

TEST(TradingCore, AsksTheStrategyOnlyOnWarmBarsWhereItWantsThat) {
  RunSetup setup = plain_setup();
  const Bars bars = generated_bars(100);
  const RunOutcome momentum = run_bars(setup, bars);  // volume_ratio_20, momentum_10
  EXPECT_EQ(momentum.counters.bars, 100U);
  EXPECT_EQ(momentum.counters.warm_bars, 100U - 19);
  EXPECT_EQ(momentum.counters.signals(), momentum.counters.warm_bars);
  setup.strategy = "buy_and_hold";
  EXPECT_EQ(run_bars(setup, bars).counters.warm_bars, 100U);
}

}  // namespace
}  // namespace hftsim
