// The figures of a run: from its equity curve, its round trips and its account. A figure that is undefined
// (no trades, an equity that never moved, one mark) is none, never 0 and never infinite.
//
// A return is the fractional change of equity from one mark to the next. The first one is relative to the
// initial capital, so that n marks have n returns; without one, to the first mark, and n marks have n - 1. Where the equity reaches 0 or below and goes on,
// fractional changes mean nothing and every figure made of returns is none.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "engine/core/units.h"
#include "engine/portfolio/equity_series.h"
#include "engine/portfolio/round_trips.h"

namespace hftsim {

struct MetricsInputs {
  double bars_per_year = 365.0 * 24 * 60;  // N; marks per year
  double risk_free = 0.02;                 // rf; per year, a fraction
  Money initial_capital{0};                // what the series began from; 0: its first mark
  std::uint64_t trials = 1;                // strategies tried, this one included, for the deflated Sharpe
  std::optional<double> trial_variance;    // of the Sharpe ratios (per bar) across the trials
  Money fees{0};
  Money realized{0};  // before fees
  Money turnover{0};  // sum of |quantity| * price over fills
  std::uint64_t fills = 0;
  const RoundTripStats* round_trips = nullptr;  // null: none
};

enum class MetricUnit : std::uint8_t {
  ratio,
  percent,  // held as a fraction: 0.05 is 5%
  money,
  count,
  bars,
  seconds,
};

struct Metrics {
  using Value = std::optional<double>;

  // Return and its spread.
  Value initial_equity;
  Value final_equity;
  Value total_return;      // final / initial - 1
  Value cagr;              // (final / initial)^(1 / years) - 1, years = returns / N
  Value benchmark_return;  // total return of the benchmark
  Value volatility;        // std(r) * sqrt(N)
  Value sharpe;            // sqrt(N) * mean(r - rf/N) / std(r - rf/N)
  Value sortino;           // sqrt(N) * mean(r - rf/N) / std(those r - rf/N that are negative)
  Value calmar;            // mean(r) * N / max drawdown
  Value omega;             // sum of gains / |sum of losses|, threshold 0 (Keating, Shadwick 2002)
  Value probabilistic_sharpe;
  Value deflated_sharpe;

  // Drawdown.
  Value max_drawdown;
  Value max_drawdown_money;
  Value max_drawdown_duration;  // most marks in a row below the peak
  Value current_drawdown;
  Value ulcer_index;

  // Shape and tails of the returns of one bar.
  Value skew;             // of the population
  Value excess_kurtosis;  // of the population; 0 for a normal
  Value var_95;           // -(5% quantile), interpolated linearly; a loss is positive
  Value cvar_95;          // -(mean of the returns at or below that quantile)
  Value tail_ratio;       // |95% quantile| / |5% quantile|

  // Against the benchmark.
  Value information_ratio;  // sqrt(N) * mean(r - b) / std(r - b)
  Value alpha;              // N * (mean(r) - rf/N - beta * (mean(b) - rf/N)) (Jensen 1968)
  Value beta;               // cov(r, b) / var(b)

  // Activity.
  Value exposure_time;  // share of the marks with a position
  Value turnover;       // traded notional, buys and sells / mean equity
  Value fills;
  Value fees;
  Value realized_pnl;  // before fees

  // Round trips, net of fees.
  Value round_trips;
  Value winners;
  Value losers;
  Value win_rate;
  Value average_win;
  Value average_loss;
  Value largest_win;
  Value largest_loss;
  Value win_loss_ratio;
  Value profit_factor;
  Value expectancy;
  Value sqn;
  Value kelly_fraction;
  Value average_holding_bars;
  Value average_holding_time;
};

// Reads the series five times, seven for 100 million marks, and holds at most 3 MiB, whatever its length.
// Throws BadInput where bars_per_year is not finite and > 0, risk_free is not finite or trials is 0.
Metrics compute_metrics(EquitySeries& series, const MetricsInputs& inputs);

struct MetricField {
  std::string_view name;
  MetricUnit unit;
  Metrics::Value Metrics::*member;
};

// Every figure with its name and unit, in the order of the struct: the one table behind the summary, the
// terminal and the report.
inline constexpr MetricField kMetricFields[] = {
    {"initial_equity", MetricUnit::money, &Metrics::initial_equity},
    {"final_equity", MetricUnit::money, &Metrics::final_equity},
    {"total_return", MetricUnit::percent, &Metrics::total_return},
    {"cagr", MetricUnit::percent, &Metrics::cagr},
    {"benchmark_return", MetricUnit::percent, &Metrics::benchmark_return},
    {"volatility", MetricUnit::percent, &Metrics::volatility},
    {"sharpe", MetricUnit::ratio, &Metrics::sharpe},
    {"sortino", MetricUnit::ratio, &Metrics::sortino},
    {"calmar", MetricUnit::ratio, &Metrics::calmar},
    {"omega", MetricUnit::ratio, &Metrics::omega},
    {"probabilistic_sharpe", MetricUnit::percent, &Metrics::probabilistic_sharpe},
    {"deflated_sharpe", MetricUnit::percent, &Metrics::deflated_sharpe},
    {"max_drawdown", MetricUnit::percent, &Metrics::max_drawdown},
    {"max_drawdown_money", MetricUnit::money, &Metrics::max_drawdown_money},
    {"max_drawdown_duration", MetricUnit::bars, &Metrics::max_drawdown_duration},
    {"current_drawdown", MetricUnit::percent, &Metrics::current_drawdown},
    {"ulcer_index", MetricUnit::percent, &Metrics::ulcer_index},
    {"skew", MetricUnit::ratio, &Metrics::skew},
    {"excess_kurtosis", MetricUnit::ratio, &Metrics::excess_kurtosis},
    {"var_95", MetricUnit::percent, &Metrics::var_95},
    {"cvar_95", MetricUnit::percent, &Metrics::cvar_95},
    {"tail_ratio", MetricUnit::ratio, &Metrics::tail_ratio},
    {"information_ratio", MetricUnit::ratio, &Metrics::information_ratio},
    {"alpha", MetricUnit::percent, &Metrics::alpha},
    {"beta", MetricUnit::ratio, &Metrics::beta},
    {"exposure_time", MetricUnit::percent, &Metrics::exposure_time},
    {"turnover", MetricUnit::ratio, &Metrics::turnover},
    {"fills", MetricUnit::count, &Metrics::fills},
    {"fees", MetricUnit::money, &Metrics::fees},
    {"realized_pnl", MetricUnit::money, &Metrics::realized_pnl},
    {"round_trips", MetricUnit::count, &Metrics::round_trips},
    {"winners", MetricUnit::count, &Metrics::winners},
    {"losers", MetricUnit::count, &Metrics::losers},
    {"win_rate", MetricUnit::percent, &Metrics::win_rate},
    {"average_win", MetricUnit::money, &Metrics::average_win},
    {"average_loss", MetricUnit::money, &Metrics::average_loss},
    {"largest_win", MetricUnit::money, &Metrics::largest_win},
    {"largest_loss", MetricUnit::money, &Metrics::largest_loss},
    {"win_loss_ratio", MetricUnit::ratio, &Metrics::win_loss_ratio},
    {"profit_factor", MetricUnit::ratio, &Metrics::profit_factor},
    {"expectancy", MetricUnit::money, &Metrics::expectancy},
    {"sqn", MetricUnit::ratio, &Metrics::sqn},
    {"kelly_fraction", MetricUnit::percent, &Metrics::kelly_fraction},
    {"average_holding_bars", MetricUnit::bars, &Metrics::average_holding_bars},
    {"average_holding_time", MetricUnit::seconds, &Metrics::average_holding_time},
};
static_assert(std::size(kMetricFields) == sizeof(Metrics) / sizeof(Metrics::Value));

// Calls visit(name, value, unit) for each, in that order.
template <class Visit>
void for_each_metric(const Metrics& metrics, Visit&& visit) {
  for (const MetricField& field : kMetricFields) visit(field.name, metrics.*field.member, field.unit);
}

std::string_view name_of(MetricUnit unit);

}  // namespace hftsim
