// The trading core: strategy, risk gate, venue and account, event by event, on one thread. Everything that
// feeds back into itself happens here, in this order for every bar:
//
//   1. what works at the venue meets the bar
//   2. reports that are known by now reach account and strategy
//   3. the position is marked to the close, here and at the exchange; the risk gate judges
//   4. positions that have reached stop loss or take profit are closed
//   5. the strategy decides
//   6. fill = "close" fills, and is known at once
//   7. the equity is marked, once per instant
//
// A venue that fills on ticks meets trades, quotes and book changes between the bars; its reports reach the account as
// soon as they are known, and the strategy with the next bar. Now is the latest exchange time of what the venue meets:
// it never goes back, also where a live session gets a bar late.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "engine/core/block.h"
#include "engine/core/clock.h"
#include "engine/core/instrument.h"
#include "engine/execution/latency.h"
#include "engine/execution/venue.h"
#include "engine/portfolio/account.h"
#include "engine/portfolio/account_ledger.h"
#include "engine/portfolio/risk_gate.h"
#include "engine/portfolio/round_trips.h"
#include "engine/portfolio/sizer.h"
#include "engine/runtime/equity_recorder.h"
#include "engine/runtime/journal.h"
#include "engine/runtime/order_desk.h"
#include "engine/runtime/report_inbox.h"
#include "engine/runtime/run_counters.h"
#include "engine/runtime/strategy.h"

namespace hftsim {

struct TradingConfig {
  Money initial_capital{100'000};
  // Bars that close earlier warm up features, models and the venue's volatility: nothing is decided or marked.
  Timestamp start{INT64_MIN};
  DeskConfig desk;
  RiskLimits risk;
  SizerConfig sizer;

  // Where in the row a volatility per bar stands, and what makes it annual; needed by the volatility sizer
  // and limit only.
  std::optional<FeatureSlot> volatility_slot;
  double volatility_annual_factor = 1;
};

// Makes the venue once its ledger exists.
using VenueFactory = std::function<std::unique_ptr<Venue>(VenueLedger&)>;

class TradingCore {
 public:
  // `strategy`, `journal` and `instruments` have to outlive it; the strategy was started.
  TradingCore(const TradingConfig& config, std::span<const Instrument> instruments, Strategy& strategy,
              const VenueFactory& make_venue, Journal& journal);

  // Every event of the block, in order.
  void process(const Block& block);

  // After the last event: open orders are cancelled, what is still under way is told, the journal ends.
  void finish(bool cut_off);

  const Account& account() const { return account_; }
  const RunCounters& counters() const { return counters_; }
  const RoundTripStats& round_trips() const { return round_trips_; }

 private:
  void warm_up(const Event& event);
  void on_bar(const Event& event, const StrategyContext& context);
  void on_other(const Event& event);
  void on_tick(const Event& event);
  void obey(const Event& command);
  void tell_strategy(const StrategyContext& context);

  // On most bars there is nothing to collect and nothing due.
  void pass_reports_on(const StrategyContext* context, Timestamp now) {
    if (!venue_->reports().empty()) collect_reports(context, now);
    if (inbox_.is_due(now)) deliver_reports(context, now);
  }
  // Without a context the strategy hears of it later.
  void collect_reports(const StrategyContext* context, Timestamp now);
  void deliver_reports(const StrategyContext* context, Timestamp now);
  void deliver(const StrategyContext* context, const ExecutionReport& report);
  void apply(const ExecutionReport& report);
  double annual_volatility(const StrategyContext& context) const;

  TradingConfig config_;
  Strategy& strategy_;
  bool strategy_needs_warm_row_;
  Journal& journal_;
  SimulationClock clock_;
  RunCounters counters_;
  Account account_;       // what is known here
  AccountLedger ledger_;  // what the exchange knows
  RoundTripStats round_trips_;
  RiskGate gate_;
  std::unique_ptr<Sizer> sizer_;
  std::unique_ptr<Venue> venue_;
  OrderDesk desk_;
  ReportInbox inbox_;
  std::vector<ExecutionReport> collected_;
  std::vector<ExecutionReport> untold_;  // that the strategy hears of with the next bar
  EquityRecorder recorder_;
};

}  // namespace hftsim
