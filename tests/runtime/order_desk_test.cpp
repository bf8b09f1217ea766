// What a signal leads to, and what is refused.
#include "engine/runtime/order_desk.h"

#include <gtest/gtest.h>

#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

// signals[i] is given on bar i; hold where there is none.
RunOutcome run_signals(const RunSetup& setup, const Bars& bars, const std::vector<Signal>& signals) {
  return run_script(setup, bars, [&](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
    gateway.signal(bar < signals.size() ? signals[bar] : Signal{});
  });
}

Signal buy(double confidence = 1) {
  return {SignalSide::buy, confidence};
}
Signal sell(double confidence = 1) {
  return {SignalSide::sell, confidence};
}
constexpr Signal kHold{};

RunSetup close_setup() {
  RunSetup setup = plain_setup();
  setup.venue.fill = FillRule::close;
  return setup;
}

double signed_quantity(const JournalRecord& fill) {
  return sign_of(fill.side) * fill.quantity;
}

TEST(OrderDesk, ABuyTakesThePositionToConfidenceTimesSize) {
  const RunOutcome run = run_signals(close_setup(), flat_bars(2), {buy(0.5)});
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_DOUBLE_EQ(run.fills()[0].quantity, 100'000 * 0.3 * 0.5 / 100);
}

TEST(OrderDesk, NeverBeyondMaxPosition) {
  RunSetup setup = close_setup();
  setup.trading.sizer.position_size = 0.9;
  setup.trading.sizer.max_position = 0.2;
  const RunOutcome run = run_signals(setup, flat_bars(2), {buy()});
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_DOUBLE_EQ(run.fills()[0].quantity, 200);
}

TEST(OrderDesk, BuysOnlyTheDifferenceAndNothingWhereItIsHeld) {
  const RunOutcome run = run_signals(close_setup(), flat_bars(5), {buy(0.5), buy(0.5), buy(1), buy(0.2)});
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_DOUBLE_EQ(run.fills()[1].quantity, 150);
  EXPECT_EQ(run.counters.signals_buy, 4U);
  EXPECT_EQ(run.counters.orders, 2U);
}

TEST(OrderDesk, ASellClosesTheWholeLongPositionWhateverTheConfidence) {
  const RunOutcome run = run_signals(close_setup(), flat_bars(4), {buy(), sell(0.1), sell()});
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_EQ(run.fills()[1].side, Side::sell);
  EXPECT_DOUBLE_EQ(run.fills()[1].quantity, 300);
  EXPECT_EQ(run.counters.orders, 2U) << "a sell without a position sends nothing";
  EXPECT_EQ(run.counters.refusals_total(), 0U);
}

TEST(OrderDesk, WithShortsASellGoesOnToTheMirroredTargetAndABuyBack) {
  RunSetup setup = close_setup();
  setup.trading.desk.allow_short = true;
  const RunOutcome run = run_signals(setup, flat_bars(4), {buy(), sell(0.5), buy()});
  std::vector<double> quantities;
  for (const JournalRecord& fill : run.fills()) quantities.push_back(signed_quantity(fill));
  EXPECT_EQ(quantities, (std::vector<double>{300, -300, -150, 150, 300}));
}

TEST(OrderDesk, HoldsAreCountedAndNotWritten) {
  const RunOutcome run = run_signals(close_setup(), flat_bars(7), {kHold, buy()});
  EXPECT_EQ(run.counters.signals_hold, 6U);
  EXPECT_EQ(run.of(JournalKind::signal).size(), 1U);
}

TEST(OrderDesk, RefusesWhileAnOrderIsUnderWay) {
  RunSetup setup = plain_setup();
  setup.trading.desk.latency.entry = Duration(150'000'000'000);
  const RunOutcome run = run_signals(setup, flat_bars(8), {buy(), buy(), buy(), buy(), buy()});
  EXPECT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.refused(Reason::order_pending), 3U);  // decided on bar 0, fills as bar 4 opens
  const auto refusals = run.of(JournalKind::refusal);
  ASSERT_EQ(refusals.size(), 3U);
  EXPECT_EQ(refusals[0].reason, Reason::order_pending);
  EXPECT_EQ(refusals[0].ts_ns, close_of(1).value);
}

TEST(OrderDesk, ARejectedOrderIsNotUnderWayAnyMore) {
  RunSetup setup = plain_setup();
  setup.trading.sizer.position_size = 1;
  setup.trading.sizer.max_position = 1;
  setup.venue.fees.taker_fee = 0.001;  // all of the equity and the fee on top
  const RunOutcome run = run_signals(setup, flat_bars(5), {buy(), kHold, buy(0.5)});
  EXPECT_EQ(run.refused(Reason::insufficient_cash), 1U);
  ASSERT_EQ(run.fills().size(), 1U);
  EXPECT_DOUBLE_EQ(run.fills()[0].quantity, 500);
}

TEST(OrderDesk, OpensABracketWithTheEntryAndSellsAtItsStop) {
  Bars bars = bars_of({{100, 100, 100, 100}, {100, 101, 99, 100}, {100, 100, 94, 95}, {95, 95, 95, 95}});
  Signal signal = buy();
  signal.stop = Price(96);
  signal.target = Price(110);
  const RunOutcome run = run_signals(plain_setup(), bars, {signal});
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_EQ(run.fills()[1].price, 96);
  EXPECT_EQ(run.fills()[1].parent_id, run.fills()[0].order_id);
  EXPECT_EQ(run.counters.orders, 1U) << "a bracket's children are the venue's";
}

TEST(OrderDesk, ABracketsChildrenDoNotKeepSignalsFromActing) {
  Signal signal = buy(0.5);
  signal.stop = Price(50);
  signal.target = Price(200);
  const RunOutcome run = run_signals(plain_setup(), flat_bars(6), {signal, kHold, buy(1), kHold, sell()});
  EXPECT_EQ(run.refused(Reason::order_pending), 0U);
  ASSERT_EQ(run.fills().size(), 3U);
  EXPECT_DOUBLE_EQ(run.fills()[2].quantity, 300);
  EXPECT_EQ(run.reports(ReportKind::cancelled)[0].reason, Reason::position_closed);
}

TEST(OrderDesk, WithoutBracketsASignalsStopIsOnlyWrittenDown) {
  RunSetup setup = plain_setup();
  setup.trading.desk.brackets = false;
  Bars bars = bars_of({{100, 100, 100, 100}, {100, 100, 100, 100}, {100, 100, 50, 60}, {60, 60, 60, 60}});
  Signal signal = buy();
  signal.stop = Price(96);
  const RunOutcome run = run_signals(setup, bars, {signal});
  EXPECT_EQ(run.fills().size(), 1U);
  EXPECT_EQ(run.of(JournalKind::signal)[0].quantity, 96);
}

TEST(OrderDesk, SendsAProtectiveExitWithItsCause) {
  for (const bool loss : {true, false}) {
    RunSetup setup = close_setup();
    setup.trading.risk.stop_loss = 0.02;
    setup.trading.risk.take_profit = 0.03;
    const double price = loss ? 97.9 : 103.1;
    const RunOutcome run = run_signals(
        setup, bars_of({{100, 100, 100, 100}, {100, 104, 97, price}, {price, price, price, price}}), {buy()});
    ASSERT_EQ(run.fills().size(), 2U);
    EXPECT_EQ(run.fills()[1].price, price);
    EXPECT_EQ(run.of(JournalKind::order)[1].reason, loss ? Reason::stop_loss : Reason::take_profit);
  }
}

TEST(OrderDesk, WritesARefusalOfTheGateWithWhatItMeasured) {
  RunSetup setup = close_setup();
  setup.trading.risk.max_total_loss = 0.05;
  const RunOutcome run = run_signals(
      setup, bars_of({{100, 100, 100, 100}, {100, 100, 50, 50}, {50, 50, 50, 50}}), {buy(), sell()});
  EXPECT_EQ(run.fills().size(), 1U);
  const auto refusals = run.of(JournalKind::refusal);
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals[0].reason, Reason::total_loss_limit);
  EXPECT_DOUBLE_EQ(refusals[0].value, 0.15);
  EXPECT_DOUBLE_EQ(refusals[0].quantity, 0.05);
  EXPECT_EQ(refusals[0].price, 50);
}

TEST(OrderDesk, ALimitOnExposureHoldsBackWhatOpensNotWhatCloses) {
  RunSetup setup = close_setup();
  setup.trading.risk.max_exposure = 0.2;
  RunOutcome run = run_signals(setup, flat_bars(2), {buy()});
  EXPECT_EQ(run.refused(Reason::exposure_limit), 1U);
  EXPECT_EQ(run.fills().size(), 0U);
  run = run_signals(setup, bars_of({{100, 100, 100, 100}, {150, 150, 150, 150}}), {buy(0.6), sell()});
  EXPECT_EQ(run.fills().size(), 2U) << "0.26 of equity by then, and still it may be closed";
}

TEST(OrderDesk, AFixedQuantityIsHeldOnce) {
  RunSetup setup = close_setup();
  setup.trading.sizer.name = "fixed_quantity";
  setup.trading.sizer.quantity = Quantity(7);
  const RunOutcome run = run_signals(setup, flat_bars(6), {buy(0.1), buy(1), sell(), buy(1)});
  std::vector<double> quantities;
  for (const JournalRecord& fill : run.fills()) quantities.push_back(signed_quantity(fill));
  EXPECT_EQ(quantities, (std::vector<double>{7, -7, 7}));
}

OrderRequest request(Side side, double quantity, OrderType type = OrderType::market,
                     double limit = kNoPrice) {
  OrderRequest made;
  made.side = side;
  made.quantity = Quantity(quantity);
  made.type = type;
  made.limit = Price(limit);
  return made;
}

TEST(OrderDesk, RefusesASubmittedShortWhereShortsAreNotAllowed) {
  std::vector<OrderId> ids;
  const auto script = [&](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
    if (bar == 0) ids.push_back(gateway.submit(request(Side::sell, 1)));
    if (bar == 1) ids.push_back(gateway.submit(request(Side::buy, 2)));
    if (bar == 3) ids.push_back(gateway.submit(request(Side::sell, 2.5)));
    if (bar == 4) ids.push_back(gateway.submit(request(Side::sell, 2)));
  };
  RunSetup setup = plain_setup();
  RunOutcome run = run_script(setup, flat_bars(8), script);
  EXPECT_EQ(ids, (std::vector<OrderId>{0, 1, 0, 2}));
  EXPECT_EQ(run.refused(Reason::short_not_allowed), 2U);
  EXPECT_DOUBLE_EQ(run.cash, 100'000);
  setup.trading.desk.allow_short = true;
  run = run_script(setup, flat_bars(8), script);
  EXPECT_EQ(run.refused(Reason::short_not_allowed), 0U);
  EXPECT_EQ(run.fills().size(), 4U);
}

// Each of two resting sells is covered by the position; both together are not.
TEST(OrderDesk, TwoSellsThatTogetherGoShortAreNotBothLetThrough) {
  const RunOutcome run = run_script(plain_setup(),
                                    bars_of({{100, 100, 100, 100},
                                             {100, 100, 100, 100},
                                             {100, 100, 100, 100},
                                             {100, 120, 100, 100},
                                             {100, 100, 100, 100}}),
                                    [](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
                                      if (bar == 0) gateway.submit(request(Side::buy, 1));
                                      if (bar != 1) return;
                                      gateway.submit(request(Side::sell, 1, OrderType::limit, 105));
                                      gateway.submit(request(Side::sell, 1, OrderType::limit, 110));
                                    });
  double position = 0;
  for (const JournalRecord& fill : run.fills()) position += signed_quantity(fill);
  EXPECT_EQ(position, 0);
  EXPECT_EQ(run.refused(Reason::short_not_allowed), 1U);
}

TEST(OrderDesk, CancelsReachTheVenueAndAreWritten) {
  OrderId resting = 0;
  ScriptedStrategy strategy([&](std::size_t bar, const StrategyContext& context, OrderGateway& gateway) {
    if (bar == 0) resting = gateway.submit(request(Side::buy, 1, OrderType::limit, 90));
    if (bar == 2) {
      EXPECT_TRUE(context.order_pending());
      gateway.cancel(resting);
    }
    if (bar != 4) return;
    EXPECT_FALSE(context.order_pending());
    gateway.cancel(999);
  });
  const RunOutcome run = run_script(plain_setup(), flat_bars(8), strategy);
  EXPECT_EQ(run.of(JournalKind::cancel).size(), 2U);
  ASSERT_EQ(run.reports(ReportKind::cancelled).size(), 1U);
  EXPECT_EQ(run.reports(ReportKind::cancelled)[0].reason, Reason::cancelled_by_strategy);
  EXPECT_EQ(run.refused(Reason::unknown_order), 1U);
  EXPECT_EQ(run.fills().size(), 0U);
}

}  // namespace
}  // namespace hftsim
