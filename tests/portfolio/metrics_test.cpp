#include "engine/portfolio/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "tests/portfolio/memory_series.h"

namespace hftsim {
namespace {

constexpr double kBarsPerYear = 252;

MetricsInputs daily() {
  MetricsInputs inputs;
  inputs.bars_per_year = kBarsPerYear;
  return inputs;
}

Metrics metrics_of(const std::vector<double>& equity, const MetricsInputs& inputs = daily()) {
  MemorySeries series = MemorySeries::of(equity);
  return compute_metrics(series, inputs);
}

std::vector<EquityMark> random_marks(std::uint64_t seed, int count) {
  RandomStream random(seed, "metrics");
  std::vector<EquityMark> marks{{0, 1e5, 1e5, 0}};
  for (int i = 1; i < count; ++i) {
    const double market = 0.01 * random.normal() + 0.0004;
    const double own =
        random.below(3) == 0 ? 0.0 : 0.6 * market + 0.004 * random.normal() - 0.002 * random.exponential();
    const EquityMark& last = marks.back();
    marks.push_back(
        {i, last.equity * (1 + own), last.benchmark * (1 + market), own == 0 ? 0.0 : last.equity});
  }
  return marks;
}

// Every definition of the spec once more, in long double over the whole list.
using Real = long double;
using List = std::vector<Real>;

Real mean(const List& x) {
  Real sum = 0;
  for (const Real v : x) sum += v;
  return sum / static_cast<Real>(x.size());
}

Real central(const List& x, int power) {
  const Real m = mean(x);
  Real sum = 0;
  for (const Real v : x) sum += std::pow(v - m, static_cast<Real>(power));
  return sum / static_cast<Real>(x.size());
}

Real sample_std(const List& x) {
  const auto n = static_cast<Real>(x.size());
  return std::sqrt(central(x, 2) * n / (n - 1));
}

Real quantile(List x, Real p) {
  std::sort(x.begin(), x.end());
  const Real place = p * static_cast<Real>(x.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  return x[low] + (place - static_cast<Real>(low)) * (x[low + 1] - x[low]);
}

List minus(const List& x, const List& y) {
  List out;
  for (std::size_t i = 0; i < x.size(); ++i) out.push_back(x[i] - y[i]);
  return out;
}

List kept(const List& x, auto&& keep) {
  List out;
  std::copy_if(x.begin(), x.end(), std::back_inserter(out), keep);
  return out;
}

List returns_of(const std::vector<EquityMark>& marks, double EquityMark::*column) {
  List out;
  for (std::size_t i = 1; i < marks.size(); ++i) {
    out.push_back(static_cast<Real>(marks[i].*column) / static_cast<Real>(marks[i - 1].*column) - 1);
  }
  return out;
}

void expect_near(const Metrics::Value& value, Real expected, const char* name) {
  ASSERT_TRUE(value.has_value()) << name;
  const double target = static_cast<double>(expected);
  EXPECT_NEAR(*value, target, 1e-10 * std::max(1.0, std::abs(target))) << name;
}

// A fee of the first bar is part of the run: 100,000 to 95,500 on the first bar and on to 98,000 is a loss.
TEST(Metrics, BeginAtTheInitialCapital) {
  MetricsInputs inputs = daily();
  inputs.initial_capital = Money(100'000);
  const Metrics m = metrics_of({95'500, 95'500, 98'000}, inputs);
  const Metrics as_marks = metrics_of({100'000, 95'500, 95'500, 98'000});
  EXPECT_DOUBLE_EQ(*m.initial_equity, 100'000);
  EXPECT_DOUBLE_EQ(*m.total_return, -0.02);
  EXPECT_DOUBLE_EQ(*m.max_drawdown, 0.045);
  EXPECT_EQ(m.cagr, as_marks.cagr);
  EXPECT_EQ(m.sharpe, as_marks.sharpe);
  EXPECT_EQ(m.var_95, as_marks.var_95);
}

// The capital before the first bar is no bar of its own.
TEST(Metrics, CountExposureOverBarsAlone) {
  MetricsInputs inputs = daily();
  inputs.initial_capital = Money(100);
  inputs.turnover = Money(100);
  MemorySeries series({{1, 100, 100, 0}, {2, 100, 100, 50}});
  const Metrics m = compute_metrics(series, inputs);
  EXPECT_DOUBLE_EQ(*m.exposure_time, 0.5);
  EXPECT_DOUBLE_EQ(*m.turnover, 1);
  EXPECT_EQ(*m.ulcer_index, 0);
  EXPECT_DOUBLE_EQ(*metrics_of({90}, inputs).ulcer_index, 0.1);
}

TEST(Metrics, EqualTheNaiveDefinitions) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<EquityMark> marks = random_marks(seed, 3000);
    MemorySeries series(marks);
    const Metrics m = compute_metrics(series, daily());
    const List r = returns_of(marks, &EquityMark::equity);
    const List b = returns_of(marks, &EquityMark::benchmark);
    const Real n = kBarsPerYear, rf = 0.02L / n;
    List excess;
    for (const Real v : r) excess.push_back(v - rf);
    const List active = minus(r, b);
    const Real low = quantile(r, 0.05L), high = quantile(r, 0.95L);

    expect_near(m.volatility, sample_std(r) * std::sqrt(n), "volatility");
    expect_near(m.sharpe, std::sqrt(n) * mean(excess) / sample_std(excess), "sharpe");
    const List negative = kept(excess, [](Real v) { return v < 0; });
    expect_near(m.sortino, std::sqrt(n) * mean(excess) / sample_std(negative), "sortino");
    expect_near(m.calmar, mean(r) * n / static_cast<Real>(*m.max_drawdown), "calmar");
    const Real growth = static_cast<Real>(marks.back().equity) / marks.front().equity;
    expect_near(m.total_return, growth - 1, "total_return");
    expect_near(m.cagr, std::pow(growth, n / static_cast<Real>(r.size())) - 1, "cagr");
    expect_near(m.skew, central(r, 3) / std::pow(central(r, 2), 1.5L), "skew");
    expect_near(m.excess_kurtosis, central(r, 4) / std::pow(central(r, 2), 2.0L) - 3, "kurtosis");
    expect_near(m.var_95, -low, "var_95");
    expect_near(m.cvar_95, -mean(kept(r, [&](Real v) { return v <= low; })), "cvar_95");
    expect_near(m.tail_ratio, std::abs(high) / std::abs(low), "tail_ratio");
    Real gains = 0, losses = 0, product = 0;
    for (const Real v : r) (v > 0 ? gains : losses) += std::abs(v);
    expect_near(m.omega, gains / losses, "omega");
    expect_near(m.information_ratio, std::sqrt(n) * mean(active) / sample_std(active), "information_ratio");
    for (std::size_t i = 0; i < r.size(); ++i) product += (r[i] - mean(r)) * (b[i] - mean(b));
    const Real beta = product / static_cast<Real>(r.size()) / central(b, 2);
    expect_near(m.beta, beta, "beta");
    expect_near(m.alpha, n * (mean(r) - rf - beta * (mean(b) - rf)), "alpha");
    const Real s = mean(excess) / sample_std(excess);
    const Real spread =
        1 - static_cast<Real>(*m.skew) * s + (static_cast<Real>(*m.excess_kurtosis) + 2) / 4 * s * s;
    const Real z = s * std::sqrt(static_cast<Real>(r.size() - 1)) / std::sqrt(spread);
    expect_near(m.probabilistic_sharpe, std::erfc(-z / std::sqrt(2.0L)) / 2, "probabilistic_sharpe");
    EXPECT_EQ(m.deflated_sharpe, m.probabilistic_sharpe) << "one trial";
    const auto exposed =
        std::count_if(marks.begin(), marks.end(), [](auto& mark) { return mark.exposure > 0; });
    expect_near(m.exposure_time, static_cast<Real>(exposed) / 3000, "exposure_time");
  }
}

TEST(Metrics, HandComputed) {
  // Returns +10%, -10%, +20%.
  MetricsInputs inputs = daily();
  inputs.risk_free = 0;
  inputs.turnover = Money(1000);
  inputs.fees = Money(7);
  inputs.fills = 4;
  const Metrics m = metrics_of({100, 110, 99, 118.8}, inputs);
  EXPECT_NEAR(*m.total_return, 0.188, 1e-12);
  EXPECT_NEAR(*m.cagr, std::pow(1.188, 84) - 1, 1e-4);
  const double deviation = std::sqrt((0.1 * 0.1 + 0.1 * 0.1 + 0.2 * 0.2 - 3 * (0.2 / 3) * (0.2 / 3)) / 2);
  EXPECT_NEAR(*m.sharpe, std::sqrt(252.0) * (0.2 / 3) / deviation, 1e-10);
  EXPECT_NEAR(*m.max_drawdown, 0.1, 1e-12);
  EXPECT_NEAR(*m.max_drawdown_money, 11, 1e-12);
  EXPECT_EQ(*m.max_drawdown_duration, 1);
  EXPECT_EQ(*m.current_drawdown, 0);
  EXPECT_NEAR(*m.calmar, 0.2 / 3 * 252 / 0.1, 1e-9);
  EXPECT_NEAR(*m.omega, 3, 1e-10);
  EXPECT_NEAR(*m.turnover, 1000 / ((100 + 110 + 99 + 118.8) / 4), 1e-12);
  EXPECT_EQ(*m.fees, 7);
  EXPECT_EQ(*m.fills, 4);
  EXPECT_FALSE(m.sortino) << "one negative return has no deviation";
}

TEST(Metrics, OneMarkHasNoReturns) {
  const Metrics m = metrics_of({100});
  EXPECT_EQ(*m.final_equity, 100);
  EXPECT_EQ(*m.total_return, 0);
  EXPECT_EQ(*m.max_drawdown, 0);
  EXPECT_FALSE(m.sharpe || m.sortino || m.calmar || m.cagr || m.volatility || m.var_95 || m.cvar_95 ||
               m.skew);
  EXPECT_FALSE(m.omega || m.tail_ratio || m.alpha || m.beta || m.information_ratio || m.deflated_sharpe);
}

TEST(Metrics, NoMarksAtAllHaveNoEquity) {
  const Metrics m = metrics_of({});
  EXPECT_FALSE(m.final_equity || m.total_return || m.max_drawdown || m.exposure_time || m.sharpe);
}

TEST(Metrics, TwoMarksHaveOneReturnAndNoDeviation) {
  const Metrics m = metrics_of({100, 99});
  EXPECT_NEAR(*m.var_95, 0.01, 1e-15);
  EXPECT_NEAR(*m.cvar_95, 0.01, 1e-15);
  EXPECT_FALSE(m.sharpe || m.volatility || m.skew);
}

TEST(Metrics, ConstantEquityHasNoRatios) {
  const Metrics m = metrics_of(std::vector<double>(500, 1e5));
  EXPECT_EQ(*m.volatility, 0);
  EXPECT_EQ(*m.total_return, 0);
  EXPECT_FALSE(m.sharpe || m.sortino || m.calmar || m.omega || m.tail_ratio || m.skew || m.excess_kurtosis);
  EXPECT_FALSE(m.probabilistic_sharpe || m.deflated_sharpe);
}

TEST(Metrics, GrowthWithoutVariationHasNoSharpeHoweverItRounds) {
  std::vector<double> equity{100};
  for (int i = 0; i < 1000; ++i) equity.push_back(equity.back() * 1.001);
  const Metrics m = metrics_of(equity);
  EXPECT_FALSE(m.sharpe || m.sortino || m.calmar || m.omega || m.skew);
}

TEST(Metrics, WithoutRoundTripsTheirFiguresAreNone) {
  const Metrics m = metrics_of({100, 101, 99});
  EXPECT_EQ(*m.round_trips, 0);
  EXPECT_FALSE(m.win_rate || m.average_win || m.average_loss || m.profit_factor || m.expectancy || m.sqn);
  EXPECT_FALSE(m.kelly_fraction || m.average_holding_bars || m.average_holding_time || m.win_loss_ratio);
}

TEST(Metrics, RoundTripsWithoutLosersHaveNoProfitFactor) {
  RoundTripStats stats;
  RoundTrip trip;
  trip.gross = Money(5);
  stats.add(trip);
  MetricsInputs inputs = daily();
  inputs.round_trips = &stats;
  const Metrics m = metrics_of({100, 105}, inputs);
  EXPECT_EQ(*m.round_trips, 1);
  EXPECT_EQ(*m.average_win, 5);
  EXPECT_FALSE(m.profit_factor || m.average_loss || m.kelly_fraction);
}

TEST(Metrics, WithoutABenchmarkNothingIsMeasuredAgainstIt) {
  const Metrics m = metrics_of({100, 101, 99, 103});
  EXPECT_FALSE(m.alpha || m.beta || m.information_ratio || m.benchmark_return);
  EXPECT_TRUE(m.sharpe);
}

TEST(Metrics, HoldingTheBenchmarkIsBetaOneAndAlphaNone) {
  std::vector<EquityMark> marks = random_marks(4, 500);
  for (EquityMark& mark : marks) mark.equity = mark.benchmark;
  MemorySeries series(marks);
  const Metrics m = compute_metrics(series, daily());
  EXPECT_NEAR(*m.beta, 1, 1e-12);
  EXPECT_NEAR(*m.alpha, 0, 1e-12);
  EXPECT_FALSE(m.information_ratio) << "an active return that never varies";
}

TEST(Metrics, EquityThroughZeroHasNoReturnFigures) {
  const Metrics m = metrics_of({100, 50, -10, 20});
  EXPECT_NEAR(*m.max_drawdown, 1.1, 1e-12);
  EXPECT_FALSE(m.sharpe || m.volatility || m.var_95 || m.calmar);
  EXPECT_FALSE(metrics_of({100, 50, std::numeric_limits<double>::quiet_NaN(), 60}).sharpe);
}

TEST(Metrics, NothingIsEverInfiniteOrNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<double>> curves{{0, 0, 0},  {100, 0},   {100, 0, 0},     {-5, 5},
                                                {100, nan}, {nan, 100}, {1e-300, 1e300}, {1e300, 1e-300, 1}};
  for (const auto& curve : curves) {
    for_each_metric(metrics_of(curve), [](std::string_view name, Metrics::Value value, MetricUnit) {
      EXPECT_TRUE(!value || std::isfinite(*value)) << name;
    });
  }
}

TEST(Metrics, DoNotDependOnThePiecesTheSeriesComesIn) {
  const std::vector<EquityMark> marks = random_marks(8, 5000);
  MemorySeries one(marks, 1), all(marks, 5000);
  const Metrics a = compute_metrics(one, daily());
  const Metrics b = compute_metrics(all, daily());
  for (const MetricField& field : kMetricFields) EXPECT_EQ(a.*field.member, b.*field.member) << field.name;
  EXPECT_EQ(one.passes(), 5);
}

TEST(Metrics, ALongSeriesEqualsSortingToo) {
  const std::vector<EquityMark> marks = random_marks(12, 200000);
  MemorySeries series(marks, 4096);
  const Metrics m = compute_metrics(series, daily());
  const List r = returns_of(marks, &EquityMark::equity);
  expect_near(m.var_95, -quantile(r, 0.05L), "var_95");
  EXPECT_GT(series.passes(), 5) << "does not fit the buffer";
}

TEST(Metrics, TheTableNamesEveryFigureOnce) {
  std::set<std::string> names;
  for (const MetricField& field : kMetricFields) names.insert(std::string(field.name));
  EXPECT_EQ(names.size(), std::size(kMetricFields));
  EXPECT_EQ(name_of(MetricUnit::percent), "percent");
}

TEST(Metrics, BadInputsAreRefused) {
  MetricsInputs inputs = daily();
  inputs.bars_per_year = 0;
  EXPECT_THROW(metrics_of({100}, inputs), BadInput);
  inputs = daily();
  inputs.trials = 0;
  EXPECT_THROW(metrics_of({100}, inputs), BadInput);
  inputs = daily();
  inputs.risk_free = std::nan("");
  EXPECT_THROW(metrics_of({100}, inputs), BadInput);
}

}  // namespace
}  // namespace hftsim
