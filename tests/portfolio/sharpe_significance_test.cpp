#include "engine/portfolio/sharpe_significance.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hftsim {
namespace {

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

TEST(ProbabilisticSharpe, HalfWhereTheEstimateIsTheThreshold) {
  EXPECT_NEAR(*probabilistic_sharpe({0.1, -0.5, 6, 100}, 0.1), 0.5, 1e-15);
}

TEST(ProbabilisticSharpe, EqualsThePublishedFormula) {
  // Bailey, Lopez de Prado 2012, eq. 11, by hand.
  const double s = 0.2, skew = -0.7, kurtosis = 5;
  const double spread = 1 - skew * s + (kurtosis - 1) / 4 * s * s;
  EXPECT_NEAR(*probabilistic_sharpe({s, skew, kurtosis, 61}, 0.05),
              normal_cdf((s - 0.05) * std::sqrt(60.0) / std::sqrt(spread)), 1e-14);
}

TEST(ProbabilisticSharpe, FatTailsAndNegativeSkewMakeItLessSure) {
  const double normal = *probabilistic_sharpe({0.2, 0, 3, 100});
  EXPECT_LT(*probabilistic_sharpe({0.2, -2, 3, 100}), normal);
  EXPECT_LT(*probabilistic_sharpe({0.2, 0, 12, 100}), normal);
  EXPECT_GT(*probabilistic_sharpe({0.2, 0, 3, 400}), normal);
}

TEST(ProbabilisticSharpe, NoneForOneReturn) {
  EXPECT_FALSE(probabilistic_sharpe({0.2, 0, 3, 1}));
}

TEST(DeflatedSharpe, OneTrialIsTheProbabilisticSharpe) {
  const SharpeEstimate estimate{0.1, -0.3, 4, 250};
  EXPECT_EQ(*deflated_sharpe(estimate, 1), *probabilistic_sharpe(estimate));
}

// The worked example of Bailey, Lopez de Prado 2014: annual Sharpe 2.5 over 1250 daily returns (250 a year),
// skew -3, kurtosis 10, 100 trials whose annual Sharpe ratios have variance 0.5: SR0 about 0.1132 a day and a
// deflated Sharpe of about 0.9004.
TEST(DeflatedSharpe, EqualsThePublishedExample) {
  const double variance = 0.5 / 250;
  EXPECT_NEAR(expected_best_sharpe(100, variance), 0.1132, 1e-4);
  const SharpeEstimate estimate{2.5 / std::sqrt(250.0), -3, 10, 1250};
  EXPECT_NEAR(*deflated_sharpe(estimate, 100, variance), 0.9004, 1e-4);
}

TEST(DeflatedSharpe, FallsWithEveryTrial) {
  const SharpeEstimate estimate{0.1, 0, 3, 500};
  double previous = *deflated_sharpe(estimate, 1);
  for (const std::uint64_t trials : {2u, 10u, 1000u, 1000000u}) {
    const double deflated = *deflated_sharpe(estimate, trials);
    EXPECT_LT(deflated, previous) << trials;
    previous = deflated;
  }
}

}  // namespace
}  // namespace hftsim
