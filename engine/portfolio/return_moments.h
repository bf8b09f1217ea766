// Moments of a run's returns, its excess over the benchmark and its losses, in two passes over the series:
// the means first, then the deviations from them.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/portfolio/compensated_sum.h"
#include "engine/portfolio/equity_series.h"
#include "engine/portfolio/return_stream.h"

namespace hftsim {

// A standard deviation of returns below this is the rounding error of the equity, not variation.
inline constexpr double kReturnResolution = 1e-14;

class ReturnMoments {
 public:
  // `risk_free` is the rate per bar.
  ReturnMoments(EquitySeries& series, double risk_free);

  std::uint64_t count() const { return count_; }

  // False: a return is not finite or divides by an equity (benchmark) <= 0, and nothing below is meaningful.
  bool equity_valid() const { return equity_valid_; }
  bool benchmark_valid() const { return benchmark_valid_; }

  double mean() const { return mean_; }
  double benchmark_mean() const { return benchmark_mean_; }
  double gains() const { return gains_.value(); }    // sum of the positive returns
  double losses() const { return losses_.value(); }  // |sum of the negative returns|

  // Sample standard deviations (n - 1); none for fewer than two returns.
  std::optional<double> deviation() const;
  std::optional<double> downside_deviation() const;  // of the returns below the risk-free rate alone
  std::optional<double> active_deviation() const;    // of return - benchmark return
  std::optional<double> benchmark_deviation() const;
  std::optional<double> benchmark_covariance() const;

  // m3 / m2^1.5 and m4 / m2^2 with the population's central moments; kurtosis is 3 for a normal. None where
  // the returns do not vary.
  std::optional<double> skew() const;
  std::optional<double> kurtosis() const;

 private:
  void add_to_means(const BarReturn& bar, double risk_free);
  void add_to_deviations(const BarReturn& bar, double risk_free);
  bool varies() const;

  std::uint64_t count_ = 0;
  std::uint64_t downside_count_ = 0;
  bool equity_valid_ = true;
  bool benchmark_valid_ = true;
  double mean_ = 0;
  double downside_mean_ = 0;
  double benchmark_mean_ = 0;
  CompensatedSum sum_, downside_sum_, benchmark_sum_, gains_, losses_;
  CompensatedSum squares_, cubes_, fourths_, downside_squares_, active_squares_, benchmark_squares_,
      products_;
};

}  // namespace hftsim
