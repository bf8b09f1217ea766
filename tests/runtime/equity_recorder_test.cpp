// The equity curve as a run leaves it: one mark per instant, after everything decided at it.
#include "engine/runtime/equity_recorder.h"

#include <gtest/gtest.h>

#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

// Two instruments at one instant; the second has no bar at the first one.
Bars two_instruments() {
  Bars bars;
  bars.instruments.resize(2);
  bars.instruments[0].symbol = "A";
  bars.instruments[1].symbol = "B";
  const auto add = [&](std::size_t index, InstrumentId id, double price) {
    bars.events.push_back(make_bar(close_of(index), id, {price, price, price, price, 1000}, 1));
  };
  add(0, 0, 100);
  add(1, 0, 110);
  add(1, 1, 50);
  add(2, 0, 120);
  add(2, 1, 40);
  return bars;
}

TEST(EquityRecorder, MarksOncePerInstantWhateverTheInstruments) {
  const RunOutcome run =
      run_script(plain_setup(), two_instruments(), [](std::size_t, const StrategyContext&, OrderGateway&) {});
  ASSERT_EQ(run.marks.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(run.marks[i].ts_ns, close_of(i).value);
}

TEST(EquityRecorder, HoldsTheBenchmarkInEqualSharesFromEachFirstClose) {
  const RunOutcome run =
      run_script(plain_setup(), two_instruments(), [](std::size_t, const StrategyContext&, OrderGateway&) {});
  ASSERT_EQ(run.marks.size(), 3U);
  EXPECT_DOUBLE_EQ(run.marks[0].benchmark, 100'000);  // B is cash until its first bar
  EXPECT_DOUBLE_EQ(run.marks[1].benchmark, 50'000 * 1.1 + 50'000);
  EXPECT_DOUBLE_EQ(run.marks[2].benchmark, 50'000 * 1.2 + 50'000 * 0.8);
}

TEST(EquityRecorder, IsCashPlusPositionsAtTheirLastCloses) {
  const RunOutcome run = run_script(plain_setup(), two_instruments(),
                                    [](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
                                      OrderRequest request;
                                      request.quantity = Quantity(10);
                                      if (bar == 0) gateway.submit(request);  // A, at 110
                                    });
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.fills()[0].price, 110);
  ASSERT_EQ(run.marks.size(), 3U);
  EXPECT_DOUBLE_EQ(run.marks[0].exposure, 0);
  EXPECT_DOUBLE_EQ(run.marks[1].exposure, 1100);
  EXPECT_DOUBLE_EQ(run.marks[2].exposure, 1200);
  EXPECT_DOUBLE_EQ(run.marks[2].equity, 100'000 + 10 * (120 - 110));
  EXPECT_DOUBLE_EQ(run.equity, run.marks[2].equity);
}

TEST(EquityRecorder, CountsACloseFillInTheMarkOfItsBar) {
  RunSetup setup = plain_setup();
  setup.venue.fill = FillRule::close;
  setup.venue.fees.taker_fee = 0.001;
  const RunOutcome run =
      run_script(setup, flat_bars(3), [](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
        OrderRequest request;
        request.quantity = Quantity(10);
        if (bar == 1) gateway.submit(request);
      });
  ASSERT_EQ(run.marks.size(), 3U);
  EXPECT_DOUBLE_EQ(run.marks[0].equity, 100'000);
  EXPECT_DOUBLE_EQ(run.marks[1].equity, 99'999);
  EXPECT_DOUBLE_EQ(run.marks[1].exposure, 1000);
}

}  // namespace
}  // namespace hftsim
