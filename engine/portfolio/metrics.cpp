#include "engine/portfolio/metrics.h"

#include <array>
#include <cmath>
#include <string>

#include "engine/core/errors.h"
#include "engine/portfolio/compensated_sum.h"
#include "engine/portfolio/drawdown.h"
#include "engine/portfolio/order_statistics.h"
#include "engine/portfolio/quantile.h"
#include "engine/portfolio/return_moments.h"
#include "engine/portfolio/return_stream.h"
#include "engine/portfolio/sharpe_significance.h"
#include "engine/portfolio/started_series.h"

namespace hftsim {
namespace {

constexpr double kTail = 0.05;

using Value = Metrics::Value;

// None where the divisor is none or no more than rounding error.
Value ratio(double dividend, Value divisor) {
  if (!divisor || !(*divisor > kReturnResolution)) return std::nullopt;
  return dividend / *divisor;
}

Value amount(const std::optional<Money>& money) {
  return money ? Value(money->value) : std::nullopt;
}

// What the marks themselves say, without returns.
struct MarkFacts {
  EquityMark first{};
  EquityMark last{};
  std::uint64_t count = 0;
  std::uint64_t exposed = 0;
  bool all_but_last_positive = true;
  bool benchmark_positive = true;
  CompensatedSum equity_sum;
  DrawdownTracker drawdown;

  void add(const EquityMark& mark) {
    if (count == 0) {
      first = mark;
    } else {
      all_but_last_positive = all_but_last_positive && last.equity > 0;
      benchmark_positive = benchmark_positive && last.benchmark > 0;
    }
    last = mark;
    ++count;
    exposed += mark.exposure > 0 ? 1 : 0;
    equity_sum.add(mark.equity);
    drawdown.add(mark.equity);
  }
};

MarkFacts read_marks(EquitySeries& series) {
  MarkFacts facts;
  series.rewind();
  for (auto marks = series.next(); !marks.empty(); marks = series.next()) {
    for (const EquityMark& mark : marks) facts.add(mark);
  }
  return facts;
}

Value total_return(double first, double last) {
  if (!(first > 0)) return std::nullopt;
  return (last - first) / first;
}

Value cagr(const MarkFacts& facts, double bars_per_year) {
  if (facts.count < 2 || facts.first.equity <= 0 || facts.last.equity <= 0) return std::nullopt;
  const double years = static_cast<double>(facts.count - 1) / bars_per_year;
  const double growth = std::log1p((facts.last.equity - facts.first.equity) / facts.first.equity);
  return std::expm1(growth / years);
}

void fill_from_marks(Metrics& metrics, const MarkFacts& facts, const MetricsInputs& inputs) {
  const bool started = inputs.initial_capital.value > 0;  // then the first mark is no bar
  const double bars = static_cast<double>(facts.count - (started ? 1 : 0));
  const double held = facts.equity_sum.value() - (started ? facts.first.equity : 0);
  metrics.initial_equity = facts.first.equity;
  metrics.final_equity = facts.last.equity;
  metrics.total_return = total_return(facts.first.equity, facts.last.equity);
  metrics.benchmark_return = total_return(facts.first.benchmark, facts.last.benchmark);
  metrics.cagr = cagr(facts, inputs.bars_per_year);
  metrics.exposure_time = static_cast<double>(facts.exposed) / bars;
  metrics.turnover = ratio(inputs.turnover.value, held / bars);
  if (facts.first.equity <= 0) return;
  metrics.max_drawdown = facts.drawdown.deepest();
  metrics.max_drawdown_money = facts.drawdown.deepest_money();
  metrics.max_drawdown_duration = static_cast<double>(facts.drawdown.longest_bars());
  metrics.current_drawdown = facts.drawdown.current();
  metrics.ulcer_index = facts.drawdown.ulcer_index(bars);
}

void fill_from_moments(Metrics& metrics, const ReturnMoments& moments, const MetricsInputs& inputs) {
  const double n = inputs.bars_per_year;
  const double excess = moments.mean() - inputs.risk_free / n;
  const Value deviation = moments.deviation();
  if (deviation) metrics.volatility = *deviation * std::sqrt(n);
  metrics.sharpe = ratio(std::sqrt(n) * excess, deviation);
  metrics.sortino = ratio(std::sqrt(n) * excess, moments.downside_deviation());
  metrics.calmar = ratio(moments.mean() * n, metrics.max_drawdown);
  metrics.omega = ratio(moments.gains(), moments.losses());
  metrics.skew = moments.skew();
  const Value kurtosis = moments.kurtosis();
  if (!kurtosis) return;
  metrics.excess_kurtosis = *kurtosis - 3;
  const SharpeEstimate estimate{excess / *deviation, *metrics.skew, *kurtosis, moments.count()};
  metrics.probabilistic_sharpe = probabilistic_sharpe(estimate);
  metrics.deflated_sharpe = deflated_sharpe(estimate, inputs.trials, inputs.trial_variance);
}

void fill_against_benchmark(Metrics& metrics, const ReturnMoments& moments, const MetricsInputs& inputs) {
  const double n = inputs.bars_per_year;
  const double active = moments.mean() - moments.benchmark_mean();
  metrics.information_ratio = ratio(std::sqrt(n) * active, moments.active_deviation());
  const Value deviation = moments.benchmark_deviation();
  if (!deviation || *deviation <= kReturnResolution) return;
  const double beta = *moments.benchmark_covariance() / (*deviation * *deviation);
  const double risk_free = inputs.risk_free / n;
  metrics.beta = beta;
  metrics.alpha = n * (moments.mean() - risk_free - beta * (moments.benchmark_mean() - risk_free));
}

double mean_at_or_below(EquitySeries& series, double threshold) {
  CompensatedSum sum;
  std::uint64_t count = 0;
  for_each_return(series, [&](const BarReturn& bar) {
    if (bar.equity > threshold) return;
    sum.add(bar.equity);
    ++count;
  });
  return sum.value() / static_cast<double>(count);
}

void fill_tails(Metrics& metrics, EquitySeries& series, std::uint64_t count) {
  const QuantilePlace low = quantile_place(count, kTail);
  const QuantilePlace high = quantile_place(count, 1 - kTail);
  const std::array<std::uint64_t, 4> ranks{low.lower, low.upper, high.lower, high.upper};
  const std::vector<double> values = order_statistics(series, count, ranks);
  const double bottom = low.between(values[0], values[1]);
  const double top = high.between(values[2], values[3]);
  metrics.var_95 = 0.0 - bottom;
  metrics.cvar_95 = 0.0 - mean_at_or_below(series, bottom);
  metrics.tail_ratio = ratio(std::fabs(top), std::fabs(bottom));
}

void fill_from_round_trips(Metrics& metrics, const RoundTripStats& trips) {
  metrics.round_trips = static_cast<double>(trips.count());
  metrics.winners = static_cast<double>(trips.winners());
  metrics.losers = static_cast<double>(trips.losers());
  metrics.win_rate = trips.win_rate();
  metrics.average_win = amount(trips.average_win());
  metrics.average_loss = amount(trips.average_loss());
  metrics.largest_win = amount(trips.largest_win());
  metrics.largest_loss = amount(trips.largest_loss());
  metrics.win_loss_ratio = trips.win_loss_ratio();
  metrics.profit_factor = trips.profit_factor();
  metrics.expectancy = amount(trips.expectancy());
  metrics.sqn = trips.sqn();
  metrics.kelly_fraction = trips.kelly_fraction();
  metrics.average_holding_bars = trips.average_bars_held();
  metrics.average_holding_time = trips.average_seconds_held();
}

void fill_from_series(Metrics& metrics, EquitySeries& series, const MetricsInputs& inputs) {
  const MarkFacts facts = read_marks(series);
  if (facts.count == 0) return;
  fill_from_marks(metrics, facts, inputs);
  if (facts.count < 2 || !facts.all_but_last_positive) return;

  const ReturnMoments moments(series, inputs.risk_free / inputs.bars_per_year);
  if (!moments.equity_valid()) return;
  fill_from_moments(metrics, moments, inputs);
  if (facts.benchmark_positive && moments.benchmark_valid()) fill_against_benchmark(metrics, moments, inputs);
  fill_tails(metrics, series, moments.count());
}

// An equity of 1e300 overflows what is made of it; a mark that is no number spoils it.
void drop_non_finite(Metrics& metrics) {
  for (const MetricField& field : kMetricFields) {
    Value& value = metrics.*field.member;
    if (value && !std::isfinite(*value)) value.reset();
  }
}

void check(const MetricsInputs& inputs) {
  if (!(std::isfinite(inputs.bars_per_year) && inputs.bars_per_year > 0)) {
    throw BadInput("bars_per_year", std::to_string(inputs.bars_per_year), "a finite number above 0");
  }
  if (!std::isfinite(inputs.risk_free)) {
    throw BadInput("risk_free", std::to_string(inputs.risk_free), "a finite rate per year");
  }
  if (inputs.trials == 0) throw BadInput("trials", "0", "at least 1");
}

}  // namespace

Metrics compute_metrics(EquitySeries& series, const MetricsInputs& inputs) {
  check(inputs);
  Metrics metrics;
  metrics.fills = static_cast<double>(inputs.fills);
  metrics.fees = inputs.fees.value;
  metrics.realized_pnl = inputs.realized.value;
  fill_from_round_trips(metrics, inputs.round_trips != nullptr ? *inputs.round_trips : RoundTripStats{});
  if (inputs.initial_capital.value > 0) {
    StartedSeries started(series, inputs.initial_capital);
    fill_from_series(metrics, started, inputs);
  } else {
    fill_from_series(metrics, series, inputs);
  }
  drop_non_finite(metrics);
  return metrics;
}

std::string_view name_of(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::ratio:
      return "ratio";
    case MetricUnit::percent:
      return "percent";
    case MetricUnit::money:
      return "money";
    case MetricUnit::count:
      return "count";
    case MetricUnit::bars:
      return "bars";
    case MetricUnit::seconds:
      return "seconds";
  }
  return "";
}

}  // namespace hftsim
