#include "engine/portfolio/sharpe_significance.h"

#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace hftsim {

std::optional<double> sharpe_variance(const SharpeEstimate& estimate) {
  if (estimate.count < 2) return std::nullopt;
  const double s = estimate.sharpe;
  const double spread = 1 - estimate.skew * s + (estimate.kurtosis - 1) / 4 * s * s;
  if (!(spread > 0)) return std::nullopt;
  return spread / static_cast<double>(estimate.count - 1);
}

std::optional<double> probabilistic_sharpe(const SharpeEstimate& estimate, double threshold) {
  const std::optional<double> variance = sharpe_variance(estimate);
  if (!variance) return std::nullopt;
  const double z = (estimate.sharpe - threshold) / std::sqrt(*variance);
  if (std::isnan(z)) return std::nullopt;
  return boost::math::cdf(boost::math::normal{}, z);
}

double expected_best_sharpe(std::uint64_t trials, double variance) {
  if (trials <= 1) return 0;
  constexpr double kGamma = boost::math::constants::euler<double>();
  constexpr double kE = boost::math::constants::e<double>();
  const double n = static_cast<double>(trials);
  const boost::math::normal standard;
  // The upper tail's complement keeps its digits for many trials.
  const double one_in_n = boost::math::quantile(boost::math::complement(standard, 1 / n));
  const double one_in_ne = boost::math::quantile(boost::math::complement(standard, 1 / (n * kE)));
  return std::sqrt(variance) * ((1 - kGamma) * one_in_n + kGamma * one_in_ne);
}

std::optional<double> deflated_sharpe(const SharpeEstimate& estimate, std::uint64_t trials,
                                      std::optional<double> trial_variance) {
  const std::optional<double> variance = trial_variance ? trial_variance : sharpe_variance(estimate);
  if (!variance || !(*variance >= 0)) return std::nullopt;
  return probabilistic_sharpe(estimate, expected_best_sharpe(trials, *variance));
}

}  // namespace hftsim
