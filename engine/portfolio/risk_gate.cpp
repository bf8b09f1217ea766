#include "engine/portfolio/risk_gate.h"

#include <cmath>
#include <string>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

void require_limit(const char* key, double value) {
  if (std::isfinite(value) && value >= 0) return;
  throw BadInput(key, std::to_string(value), "a fraction of 0 (off) or more");
}

std::int64_t floor_to_day(std::int64_t ts_ns) {
  const std::int64_t into_day = ts_ns % kDay.value;
  return ts_ns - (into_day < 0 ? into_day + kDay.value : into_day);
}

// Keeps the rounding of what is compared with a limit on the safe side: at the limit itself the exact
// comparison decides.
constexpr double kSlack = 1e-9;

double smallest_exit(const RiskLimits& limits) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const double limit : {limits.stop_loss, limits.take_profit}) {
    if (limit > 0) smallest = std::fmin(smallest, limit);
  }
  return smallest * (1 - kSlack);
}

}  // namespace

RiskGate::RiskGate(const RiskLimits& limits, Money initial_equity)
    : limits_(limits),
      initial_(initial_equity),
      peak_(initial_equity),
      day_start_(initial_equity),
      previous_(initial_equity),
      moves_within_(smallest_exit(limits)) {
  require_limit("max_drawdown", limits.max_drawdown);
  require_limit("max_total_loss", limits.max_total_loss);
  require_limit("max_daily_loss", limits.max_daily_loss);
  require_limit("stop_loss", limits.stop_loss);
  require_limit("take_profit", limits.take_profit);
  require_limit("max_exposure", limits.max_exposure);
  require_limit("volatility_limit", limits.volatility_limit);
  require_limit("var_limit", limits.var_limit);
  set_passes_above();
}

// Spares the bars on which nothing is near a limit three divisions.
void RiskGate::set_passes_above() {
  double above = -std::numeric_limits<double>::infinity();
  const auto raise = [&above](Money reference, double limit) {
    if (limit > 0) above = std::fmax(above, reference.value * (1 - limit + kSlack));
  };
  raise(peak_, limits_.max_drawdown);
  raise(initial_, limits_.max_total_loss);
  raise(day_start_, limits_.max_daily_loss);
  passes_above_ = Money(above);
}

GateDecision RiskGate::judge(Money equity) const {
  const double drawdown = (peak_ - equity) / peak_;
  if (exceeds(drawdown, limits_.max_drawdown)) {
    return {Reason::drawdown_limit, drawdown, limits_.max_drawdown};
  }
  const double total_loss = (initial_ - equity) / initial_;
  if (exceeds(total_loss, limits_.max_total_loss)) {
    return {Reason::total_loss_limit, total_loss, limits_.max_total_loss};
  }
  const double daily_loss = (day_start_ - equity) / day_start_;
  if (exceeds(daily_loss, limits_.max_daily_loss)) {
    return {Reason::daily_loss_limit, daily_loss, limits_.max_daily_loss};
  }
  return {};
}

void RiskGate::begin_peak(Money equity) {
  peak_ = equity;
  set_passes_above();
}

void RiskGate::begin_day(Timestamp now, Money equity) {
  day_begin_ = Timestamp(floor_to_day(now.value));
  day_end_ = day_begin_ + kDay;
  day_start_ = equity;
  set_passes_above();
}

void RiskGate::add_return(Money equity) {
  const double fraction = (equity - previous_) / previous_;
  if (std::isfinite(fraction)) value_at_risk_.add(fraction);
  previous_ = equity;
}

PositionVerdict RiskGate::check_position(const Position& position, Price close) const {
  if (position.flat()) return {};
  const double move = (close - position.average_entry).value / position.average_entry.value;
  const double profit = position.quantity.value > 0 ? move : -move;
  if (limits_.stop_loss > 0 && -profit >= limits_.stop_loss) {
    return {ProtectiveExit::stop_loss, profit, limits_.stop_loss};
  }
  if (limits_.take_profit > 0 && profit >= limits_.take_profit) {
    return {ProtectiveExit::take_profit, profit, limits_.take_profit};
  }
  return {ProtectiveExit::none, profit, 0};
}

GateDecision RiskGate::check_order(double exposure_after, double volatility_annual) const {
  if (exceeds(exposure_after, limits_.max_exposure)) {
    return {Reason::exposure_limit, exposure_after, limits_.max_exposure};
  }
  if (exceeds(volatility_annual, limits_.volatility_limit)) {
    return {Reason::volatility_limit, volatility_annual, limits_.volatility_limit};
  }
  const std::optional<double> var = value_at_risk();
  if (var && exceeds(*var, limits_.var_limit)) return {Reason::var_limit, *var, limits_.var_limit};
  return {};
}

std::optional<double> RiskGate::value_at_risk() const {
  if (limits_.var_limit <= 0) return std::nullopt;
  return value_at_risk_.value();
}

}  // namespace hftsim
