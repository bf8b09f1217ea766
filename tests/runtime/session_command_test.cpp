// What pause, resume and flatten do to a run, and what now is where a bar comes late.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

constexpr Signal kBuy{SignalSide::buy, 1};
constexpr Signal kSell{SignalSide::sell, 1};

// Bars with a command half a minute after bar `after`.
void insert_command(Bars& bars, std::size_t after, SessionMark command) {
  Event event{};
  event.ts_ns = event.recv_ns = close_of(after).value + kMinute.value / 2;
  event.kind = EventKind::session_mark;
  event.session.mark = command;
  const auto later = [&](const Event& other) {
    return other.ts_ns > event.ts_ns;
  };
  bars.events.insert(std::find_if(bars.events.begin(), bars.events.end(), later), event);
}

RunSetup close_setup() {
  RunSetup setup = plain_setup();
  setup.venue.fill = FillRule::close;
  return setup;
}

// Gives the same signal on each of these bars.
ScriptedStrategy::OnBar on_bars(std::vector<std::pair<std::size_t, Signal>> signals) {
  return [signals](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
    for (const auto& [at, signal] : signals) {
      if (at == bar) gateway.signal(signal);
    }
  };
}

TEST(SessionCommand, PausedNothingIsOpenedAndWhatIsOpenMayBeClosed) {
  Bars bars = flat_bars(8);
  insert_command(bars, 1, SessionMark::pause);
  insert_command(bars, 4, SessionMark::resume);
  const RunOutcome run =
      run_script(close_setup(), bars, on_bars({{0, kBuy}, {2, kSell}, {3, kBuy}, {5, kBuy}}));
  ASSERT_EQ(run.fills().size(), 3U);
  EXPECT_EQ(run.fills()[1].ts_ns, close_of(2).value) << "a sell closes";
  EXPECT_EQ(run.fills()[2].ts_ns, close_of(5).value) << "resumed";
  EXPECT_EQ(run.refused(Reason::paused), 1U);
  ASSERT_EQ(run.of(JournalKind::command).size(), 2U);
  EXPECT_EQ(run.of(JournalKind::command)[0].ts_ns, close_of(1).value + kMinute.value / 2);
  EXPECT_EQ(run.of(JournalKind::command)[0].detail, static_cast<std::uint8_t>(SessionMark::pause));
}

TEST(SessionCommand, PausedAnOrderWithinThePositionGoesOnAndOneBeyondItDoesNot) {
  Bars bars = flat_bars(5);
  insert_command(bars, 0, SessionMark::pause);
  const RunOutcome run = run_script(
      close_setup(), bars, [](std::size_t bar, const StrategyContext& context, OrderGateway& gateway) {
        if (bar == 0) gateway.signal(kBuy);
        if (bar != 1 && bar != 2) return;
        OrderRequest sell;
        sell.side = Side::sell;
        sell.quantity = bar == 1 ? context.position().quantity * 2 : context.position().quantity * 0.5;
        gateway.submit(sell);
      });
  EXPECT_EQ(run.refused(Reason::paused), 1U) << "of twice the position";
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_DOUBLE_EQ(run.fills()[1].quantity, run.fills()[0].quantity / 2);
}

TEST(SessionCommand, FlattenCancelsEveryOrderAndClosesEveryPosition) {
  Bars bars = flat_bars(6);
  insert_command(bars, 1, SessionMark::flatten);
  const RunOutcome run =
      run_script(close_setup(), bars, [](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
        if (bar == 0 || bar >= 3) gateway.signal(kBuy);
        if (bar != 1) return;
        OrderRequest deeper;
        deeper.type = OrderType::limit;
        deeper.limit = Price(90);
        deeper.quantity = Quantity(1);
        gateway.submit(deeper);
      });
  ASSERT_EQ(run.of(JournalKind::cancel).size(), 1U);
  EXPECT_EQ(run.reports(ReportKind::cancelled)[0].reason, Reason::cancelled_by_strategy);
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_EQ(run.fills()[1].side, Side::sell);
  EXPECT_DOUBLE_EQ(run.fills()[1].quantity, run.fills()[0].quantity);
  EXPECT_EQ(run.of(JournalKind::order)[2].reason, Reason::flattened);
  EXPECT_EQ(run.refused(Reason::flattened), 3U) << "on bars 3 to 5";
}

TEST(SessionCommand, FlattenClosesWhatAnOrderOnItsWayStillOpens) {
  Bars bars = flat_bars(6);
  insert_command(bars, 0, SessionMark::flatten);
  const RunOutcome run = run_script(plain_setup(), bars, on_bars({{0, kBuy}}));
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_EQ(run.fills()[0].time_ns, close_of(0).value) << "filled as bar 1 opened, before the cancel came";
  EXPECT_EQ(run.fills()[1].time_ns, close_of(1).value);
  EXPECT_EQ(run.fills()[1].side, Side::sell);
}

TEST(SessionCommand, FlattenGoesPastTheRiskGate) {
  Bars bars = bars_of({{100, 100, 100, 100}, {50, 50, 50, 50}, {50, 50, 50, 50}, {50, 50, 50, 50}});
  insert_command(bars, 1, SessionMark::flatten);
  RunSetup setup = close_setup();
  setup.trading.risk.max_drawdown = 0.01;
  const RunOutcome run = run_script(setup, bars, on_bars({{0, kBuy}, {1, kSell}}));
  EXPECT_EQ(run.refused(Reason::drawdown_limit), 1U) << "the strategy's own sell";
  ASSERT_EQ(run.fills().size(), 2U);
  EXPECT_EQ(run.fills()[1].side, Side::sell);
}

TEST(SessionCommand, GivesTheSameHashWhateverTheThreadsAndBlocks) {
  Bars bars = generated_bars(4000);
  for (const std::size_t after : {500U, 900U, 1500U, 3000U}) {
    Event event = bars.events[after];
    event.kind = EventKind::session_mark;
    event.session = {};
    event.session.mark = after == 500U || after == 1500U ? SessionMark::pause : SessionMark::flatten;
    if (after == 900U) event.session.mark = SessionMark::resume;
    bars.events.insert(bars.events.begin() + static_cast<std::ptrdiff_t>(after), event);
  }
  RunSetup setup;
  const RunOutcome wanted = run_bars(setup, bars);
  EXPECT_GT(wanted.refused(Reason::paused) + wanted.refused(Reason::flattened), 0U);
  for (const std::uint32_t block : {1U, 7U, 256U}) {
    for (const ThreadMode mode : {ThreadMode::run_inline, ThreadMode::pipelined}) {
      setup.pipeline.block_events = block;
      setup.pipeline.threads = mode;
      EXPECT_EQ(run_bars(setup, bars).hash, wanted.hash) << block;
    }
  }
}

TEST(SessionClock, ALateBarIsDecidedAtTheLatestTimeSeen) {
  Bars bars = flat_bars(4);
  bars.instruments.push_back(bars.instruments.front());
  bars.instruments.back().symbol = "LATE";
  Event late = bars.events[1];
  late.instrument = 1;
  late.flags |= kLate;
  bars.events.insert(bars.events.begin() + 3, late);  // behind bar 2, of which it is older
  std::vector<std::int64_t> now;
  const RunOutcome run = run_script(close_setup(), bars,
                                    [&](std::size_t, const StrategyContext& context, OrderGateway& gateway) {
                                      now.push_back(context.now().value);
                                      if (context.instrument() == 1) gateway.signal(kBuy);
                                    });
  EXPECT_EQ(now, (std::vector<std::int64_t>{close_of(0).value, close_of(1).value, close_of(2).value,
                                            close_of(2).value, close_of(3).value}));
  ASSERT_EQ(run.of(JournalKind::order).size(), 1U);
  EXPECT_EQ(run.of(JournalKind::order)[0].ts_ns, close_of(2).value);
}

}  // namespace
}  // namespace hftsim
