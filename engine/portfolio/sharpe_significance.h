// How sure one may be that a Sharpe ratio is above zero, given how short the record is, how far its returns
// are from normal, and how many strategies were tried before this one was picked.
// Bailey, Lopez de Prado: The Sharpe Ratio Efficient Frontier (2012); The Deflated Sharpe Ratio (2014).
#pragma once

#include <cstdint>
#include <optional>

namespace hftsim {

struct SharpeEstimate {
  double sharpe = 0;  // per bar, not annualised
  double skew = 0;
  double kurtosis = 3;      // 3 for a normal
  std::uint64_t count = 0;  // returns
};

// Variance of the estimate: (1 - skew * S + (kurtosis - 1) / 4 * S^2) / (count - 1). None for fewer than two
// returns or where it is not positive.
std::optional<double> sharpe_variance(const SharpeEstimate& estimate);

// Probability that the true Sharpe ratio (per bar) is above `threshold`.
std::optional<double> probabilistic_sharpe(const SharpeEstimate& estimate, double threshold = 0);

// The Sharpe ratio the best of `trials` worthless strategies is expected to show, `variance` being that of
// the estimates across trials; 0 for one trial.
double expected_best_sharpe(std::uint64_t trials, double variance);

// Probabilistic Sharpe against that threshold. Where the variance across the trials is not known, the
// estimate's own stands in for it. Equals probabilistic_sharpe for one trial.
std::optional<double> deflated_sharpe(const SharpeEstimate& estimate, std::uint64_t trials,
                                      std::optional<double> trial_variance = std::nullopt);

}  // namespace hftsim
