#include "engine/runtime/trading_core.h"

#include <limits>

namespace hftsim {
namespace {

bool known_in_order(std::span<const ExecutionReport> reports, Timestamp now) {
  Timestamp last{std::numeric_limits<std::int64_t>::min()};
  for (const ExecutionReport& report : reports) {
    if (report.known_at < last || report.known_at > now) return false;
    last = report.known_at;
  }
  return true;
}

}  // namespace

TradingCore::TradingCore(const TradingConfig& config, std::span<const Instrument> instruments,
                         Strategy& strategy, const VenueFactory& make_venue, Journal& journal)
    : config_(config),
      strategy_(strategy),
      strategy_needs_warm_row_(strategy.needs_warm_row()),
      journal_(journal),
      account_(config.initial_capital, instruments),
      ledger_(config.initial_capital, instruments, config.desk.allow_short),
      gate_(config.risk, config.initial_capital),
      sizer_(make_sizer(config.sizer)),
      venue_(make_venue(ledger_)),
      desk_({account_, round_trips_, gate_, *sizer_, *venue_, journal_, counters_}, config.desk, instruments),
      recorder_(account_, journal, instruments.size()) {
  collected_.reserve(ReportLog::kReserved);
  untold_.reserve(ReportLog::kReserved);
}

void TradingCore::process(const Block& block) {
  for (std::uint32_t i = 0; i < block.size; ++i) {
    const Event& event = block.events[i];
    if (event.kind != EventKind::bar) {
      on_other(event);
      continue;
    }
    clock_.advance_to(event.ts());
    if (event.ts() < config_.start) {
      warm_up(event);
      continue;
    }
    const std::uint32_t row = block.row_of[i];
    const StrategyContext context(event, clock_.now(), block.features.data() + row, block.stride,
                                  block.warm[i] != 0, block.predictions[row], desk_);
    on_bar(event, context);
  }
}

[[gnu::noinline]] void TradingCore::on_other(const Event& event) {
  if (event.kind == EventKind::session_mark && is_command(event.session.mark)) return obey(event);
  if (venue_->meets_ticks()) on_tick(event);
}

void TradingCore::on_tick(const Event& event) {
  clock_.advance_to(event.ts());
  desk_.begin(event, clock_.now());
  venue_->on_event(event);
  pass_reports_on(nullptr, clock_.now());
}

// A command comes at the time that a live session has by then, so that its replay obeys at the same place.
void TradingCore::obey(const Event& command) {
  clock_.advance_to(command.ts());
  desk_.begin(command, clock_.now());
  desk_.obey(command.session.mark);
  venue_->after_decisions(command);
  pass_reports_on(nullptr, clock_.now());
}

[[gnu::noinline]] void TradingCore::warm_up(const Event& event) {
  venue_->on_event(event);
  ++counters_.warmup_bars;
}

void TradingCore::on_bar(const Event& event, const StrategyContext& context) {
  const Timestamp now = clock_.now();
  desk_.begin(event, now);
  ++counters_.bars;

  if (!untold_.empty()) tell_strategy(context);
  venue_->on_event(event);
  pass_reports_on(&context, now);

  ledger_.mark(event.instrument, Price(event.bar.close));
  account_.mark(event.instrument, Price(event.bar.close));
  desk_.judge_by(gate_.on_bar(now, account_.equity()), annual_volatility(context));
  desk_.exit_if_reached();
  if (desk_.is_flattening()) desk_.close_what_is_left();
  if (context.warm() || !strategy_needs_warm_row_) {
    ++counters_.warm_bars;
    strategy_.on_bar(context, desk_);
  }

  venue_->after_decisions(event);
  pass_reports_on(&context, now);
  recorder_.on_bar(event);
}

// What is known at once, and in the order it became known, need not wait in the inbox.
void TradingCore::collect_reports(const StrategyContext* context, Timestamp now) {
  venue_->take_reports(collected_);
  if (inbox_.empty() && known_in_order(collected_, now)) {
    for (const ExecutionReport& report : collected_) deliver(context, report);
  } else {
    for (const ExecutionReport& report : collected_) inbox_.add(report);
  }
  collected_.clear();
}

void TradingCore::deliver_reports(const StrategyContext* context, Timestamp now) {
  while (inbox_.is_due(now)) {
    const ExecutionReport report = inbox_.take();
    deliver(context, report);
  }
}

// A strategy may answer a report with an order; what the venue says to that is collected later. Between bars there is
// nothing that it could look at.
void TradingCore::deliver(const StrategyContext* context, const ExecutionReport& report) {
  apply(report);
  if (context == nullptr) {
    untold_.push_back(report);
  } else {
    strategy_.on_report(*context, desk_, report);
  }
}

[[gnu::noinline]] void TradingCore::tell_strategy(const StrategyContext& context) {
  for (const ExecutionReport& report : untold_) strategy_.on_report(context, desk_, report);
  untold_.clear();
}

void TradingCore::apply(const ExecutionReport& report) {
  desk_.on_report(report);
  if (report.kind != ReportKind::filled) return;
  const FillOutcome outcome = account_.apply(report);
  if (outcome.round_trip_ended) round_trips_.add(outcome.round_trip);
}

double TradingCore::annual_volatility(const StrategyContext& context) const {
  if (!config_.volatility_slot) return std::numeric_limits<double>::quiet_NaN();
  return context.feature(*config_.volatility_slot) * config_.volatility_annual_factor;
}

void TradingCore::finish(bool cut_off) {
  const Timestamp now = clock_.now();
  if (counters_.bars > 0) {
    venue_->finish(now);
    constexpr Timestamp kEver{std::numeric_limits<std::int64_t>::max()};
    collect_reports(nullptr, kEver);
    deliver_reports(nullptr, kEver);
    recorder_.refresh(now);
  }
  JournalRecord& end = journal_.next();
  end.ts_ns = counters_.bars > 0 ? now.value : 0;
  end.kind = JournalKind::end;
  end.value = account_.equity().value;
  end.detail = cut_off ? 1 : 0;
  journal_.flush();
}

}  // namespace hftsim
