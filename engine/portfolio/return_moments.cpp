#include "engine/portfolio/return_moments.h"

#include <cmath>

namespace hftsim {
namespace {

std::optional<double> sample_deviation(const CompensatedSum& squares, std::uint64_t count) {
  if (count < 2) return std::nullopt;
  return std::sqrt(squares.value() / static_cast<double>(count - 1));
}

double mean_of(const CompensatedSum& sum, std::uint64_t count) {
  return count == 0 ? 0 : sum.value() / static_cast<double>(count);
}

}  // namespace

ReturnMoments::ReturnMoments(EquitySeries& series, double risk_free) {
  for_each_return(series, [&](const BarReturn& bar) { add_to_means(bar, risk_free); });
  mean_ = mean_of(sum_, count_);
  downside_mean_ = mean_of(downside_sum_, downside_count_);
  benchmark_mean_ = mean_of(benchmark_sum_, count_);
  for_each_return(series, [&](const BarReturn& bar) { add_to_deviations(bar, risk_free); });
}

void ReturnMoments::add_to_means(const BarReturn& bar, double risk_free) {
  ++count_;
  equity_valid_ = equity_valid_ && std::isfinite(bar.equity);
  benchmark_valid_ = benchmark_valid_ && std::isfinite(bar.benchmark);
  sum_.add(bar.equity);
  benchmark_sum_.add(bar.benchmark);
  (bar.equity > 0 ? gains_ : losses_).add(std::fabs(bar.equity));
  if (bar.equity < risk_free) {
    ++downside_count_;
    downside_sum_.add(bar.equity);
  }
}

void ReturnMoments::add_to_deviations(const BarReturn& bar, double risk_free) {
  const double d = bar.equity - mean_;
  const double b = bar.benchmark - benchmark_mean_;
  squares_.add(d * d);
  cubes_.add(d * d * d);
  fourths_.add(d * d * d * d);
  active_squares_.add((d - b) * (d - b));
  benchmark_squares_.add(b * b);
  products_.add(d * b);
  if (bar.equity < risk_free) {
    const double below = bar.equity - downside_mean_;
    downside_squares_.add(below * below);
  }
}

std::optional<double> ReturnMoments::deviation() const {
  return sample_deviation(squares_, count_);
}

std::optional<double> ReturnMoments::downside_deviation() const {
  return sample_deviation(downside_squares_, downside_count_);
}

std::optional<double> ReturnMoments::active_deviation() const {
  return sample_deviation(active_squares_, count_);
}

std::optional<double> ReturnMoments::benchmark_deviation() const {
  return sample_deviation(benchmark_squares_, count_);
}

std::optional<double> ReturnMoments::benchmark_covariance() const {
  if (count_ < 2) return std::nullopt;
  return products_.value() / static_cast<double>(count_ - 1);
}

bool ReturnMoments::varies() const {
  return deviation().value_or(0) > kReturnResolution;
}

std::optional<double> ReturnMoments::skew() const {
  if (!varies()) return std::nullopt;
  const double n = static_cast<double>(count_);
  const double variance = squares_.value() / n;
  return cubes_.value() / n / (variance * std::sqrt(variance));
}

std::optional<double> ReturnMoments::kurtosis() const {
  if (!varies()) return std::nullopt;
  const double n = static_cast<double>(count_);
  const double variance = squares_.value() / n;
  return fourths_.value() / n / (variance * variance);
}

}  // namespace hftsim
