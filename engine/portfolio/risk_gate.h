// Looks at the account on every bar, before a signal is acted on, and says what may not be done and by how
// much a limit is exceeded. It refuses only while the condition holds: every bar is judged anew.
//
// Not modelled: a halt that lasts until someone lifts it.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/core/units.h"
#include "engine/execution/reason.h"
#include "engine/portfolio/position.h"
#include "engine/portfolio/value_at_risk.h"

namespace hftsim {

// Fractions, not percentages; 0 is off.
struct RiskLimits {
  double max_drawdown = 0.15;    // from the peak equity of the run
  double max_total_loss = 0;     // from the run's start
  double max_daily_loss = 0.05;  // from the first equity of the UTC day
  double stop_loss = 0.02;       // of a position, from its average entry
  double take_profit = 0;        // of a position, from its average entry
  double max_exposure = 0;       // exposure / equity
  double volatility_limit = 0;   // annualised
  double var_limit = 0;          // 95% value at risk of one bar
};

struct GateDecision {
  Reason reason = Reason::none;  // none: go on
  double measured = 0;
  double limit = 0;

  bool refuses() const { return reason != Reason::none; }
};

enum class ProtectiveExit : std::uint8_t { none, stop_loss, take_profit };

struct PositionVerdict {
  ProtectiveExit exit = ProtectiveExit::none;
  double measured = 0;  // profit as a fraction of the entry; negative: loss
  double limit = 0;
};

class RiskGate {
 public:
  // Throws BadInput for a limit that is negative or not finite.
  RiskGate(const RiskLimits& limits, Money initial_equity);

  // Once per bar, after the positions are marked to its close (with several instruments: every bar of each;
  // value at risk then is of one such step). In this order: drawdown from the peak, loss
  // since the start, loss since the first equity of the UTC day; each refuses when above its limit. A bar
  // that closes at midnight begins the new day.
  GateDecision on_bar(Timestamp now, Money equity) {
    begin_bar(now, equity);
    return equity > passes_above_ ? GateDecision{} : judge(equity);
  }

  // Whether the close has reached the position's stop loss (looked at first) or take profit.
  PositionVerdict check_position(const Position& position, Price close) const;

  // False where check_position() would find nothing: told without a division, for it is asked on every bar.
  bool may_exit(const Position& position, Price close) const {
    return std::fabs((close - position.average_entry).value) > position.average_entry.value * moves_within_;
  }

  // Before an order that opens or adds. `exposure_after` as a fraction of equity; an unknown volatility (NaN)
  // passes. In this order: exposure, volatility, value at risk.
  GateDecision check_order(double exposure_after, double volatility_annual) const;

  // 95% over the last 250 bars; none while var_limit is off or fewer have been seen.
  std::optional<double> value_at_risk() const;

  Money peak_equity() const { return peak_; }
  const RiskLimits& limits() const { return limits_; }

 private:
  static bool exceeds(double measured, double limit) { return limit > 0 && measured > limit; }

  void begin_bar(Timestamp now, Money equity) {
    if (equity > peak_) begin_peak(equity);
    if (now < day_begin_ || now >= day_end_) begin_day(now, equity);
    if (limits_.var_limit > 0) add_return(equity);
  }
  void begin_peak(Money equity);
  void begin_day(Timestamp now, Money equity);
  void set_passes_above();
  GateDecision judge(Money equity) const;
  void add_return(Money equity);

  RiskLimits limits_;
  Money initial_;
  Money peak_;
  Money day_start_;
  Money previous_;
  Money passes_above_{0};  // with more equity than this no limit can be exceeded
  double moves_within_;    // of the entry: with no larger move neither stop loss nor take profit is reached
  Timestamp day_begin_{std::numeric_limits<std::int64_t>::max()};
  Timestamp day_end_{std::numeric_limits<std::int64_t>::min()};
  RollingValueAtRisk value_at_risk_;
};

}  // namespace hftsim
