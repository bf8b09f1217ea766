#include "models/training/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/rng.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Floats = std::vector<float>;

struct Sample {
  Floats probabilities, labels;
};

// Probabilities on a grid, so that some tie; labels that follow them by `skill`.
Sample make_sample(std::size_t count, double skill, std::uint64_t seed = 1) {
  RandomStream random(seed, "evaluation");
  Sample sample;
  for (std::size_t i = 0; i < count; ++i) {
    const double p = static_cast<double>(random.below(50)) / 49;
    sample.probabilities.push_back(static_cast<float>(p));
    const double rate = skill * p + (1 - skill) * 0.5;
    sample.labels.push_back(random.uniform() < rate ? 1.0F : 0.0F);
  }
  return sample;
}

TEST(Evaluation, CountsWhatItSays) {
  const Evaluation e = evaluate(Floats{0.9F, 0.2F, 0.6F, 0.5F, 0.1F}, Floats{1, 0, 0, 1, 0});
  EXPECT_EQ(e.count, 5u);
  EXPECT_EQ(e.rises, 2u);
  EXPECT_DOUBLE_EQ(e.accuracy, 0.6) << "0.5 does not say 'rises'";
  EXPECT_DOUBLE_EQ(e.baseline, 0.6);
  EXPECT_NEAR(e.brier, (0.01 + 0.04 + 0.36 + 0.25 + 0.01) / 5, 1e-7);
  EXPECT_NEAR(e.log_loss,
              -(std::log(0.9) + std::log(0.8) + std::log(0.4) + std::log(0.5) + std::log(0.9)) / 5, 1e-7);
}

TEST(Evaluation, BoundsTheLossOfCertaintyThatIsWrong) {
  EXPECT_DOUBLE_EQ(log_loss(Floats{1, 0}, Floats{0, 1}), 100);
  EXPECT_DOUBLE_EQ(log_loss(Floats{1, 0}, Floats{1, 0}), 0);
}

TEST(Evaluation, RanksAsCountingAllPairsDoes) {
  for (const double skill : {0.0, 0.3, 1.0}) {
    const Sample sample = make_sample(300, skill);
    double wins = 0, pairs = 0;
    for (std::size_t i = 0; i < 300; ++i) {
      for (std::size_t j = 0; j < 300; ++j) {
        if (sample.labels[i] == 0 || sample.labels[j] == 1) continue;
        pairs += 1;
        if (sample.probabilities[i] > sample.probabilities[j]) wins += 1;
        if (sample.probabilities[i] == sample.probabilities[j]) wins += 0.5;
      }
    }
    EXPECT_NEAR(evaluate(sample.probabilities, sample.labels).auc, wins / pairs, 1e-12);
  }
  EXPECT_EQ(evaluate(Floats{0.1F, 0.9F}, Floats{1, 1}).auc, 0.5) << "nothing to rank";
}

// The binomial's terms one by one.
double naive_p_value(std::uint64_t right, std::uint64_t count, double rate) {
  double sum = 0;
  for (std::uint64_t i = right; i <= count; ++i) {
    const auto n = static_cast<double>(count), k = static_cast<double>(i);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(rate) +
                    (n - k) * std::log(1 - rate));
  }
  return sum;
}

TEST(Evaluation, GivesTheBinomialsTailOnBothSidesOfItsMean) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Sample sample = make_sample(20 + seed * 7, seed % 2 == 0 ? 0.2 : 0, seed);
    const Evaluation e = evaluate(sample.probabilities, sample.labels);
    const auto right = static_cast<std::uint64_t>(std::lround(e.accuracy * static_cast<double>(e.count)));
    EXPECT_NEAR(e.p_value, naive_p_value(right, e.count, e.baseline), 1e-10) << seed;
  }
}

TEST(Evaluation, KnowsThatAllRightIsNotLuckAndAllWrongIsNothing) {
  EXPECT_NEAR(evaluate(Floats{1, 0, 1, 0}, Floats{1, 0, 1, 0}).p_value, 1.0 / 16, 1e-15);
  EXPECT_EQ(evaluate(Floats{0, 1, 0, 1}, Floats{1, 0, 1, 0}).p_value, 1);
  EXPECT_EQ(evaluate(Floats{1, 1}, Floats{1, 1}).p_value, 1) << "the baseline is right as well";
}

TEST(Evaluation, GivesWilsonsInterval) {
  Floats probabilities(100, 0.9F), labels(100, 1.0F);
  for (std::size_t i = 0; i < 47; ++i) labels[i] = 0;
  const Evaluation e = evaluate(probabilities, labels);  // 53 of 100
  EXPECT_NEAR(e.accuracy_low, 0.4329, 1e-4);
  EXPECT_NEAR(e.accuracy_high, 0.6249, 1e-4);
}

TEST(Evaluation, FindsCalibratedProbabilitiesCalibratedAndOthersNot) {
  const Sample good = make_sample(200'000, 1), bad = make_sample(200'000, 0);
  const Evaluation calibrated = evaluate(good.probabilities, good.labels);
  EXPECT_LT(calibrated.calibration_error, 0.01);
  EXPECT_NEAR(evaluate(bad.probabilities, bad.labels).calibration_error, 0.25, 0.01);
  std::uint64_t count = 0;
  for (const CalibrationBin& bin : calibrated.calibration) {
    count += bin.count;
    EXPECT_GE(bin.predicted, bin.from - 1e-6);
    EXPECT_LE(bin.predicted, bin.to + 1e-6);
    EXPECT_NEAR(bin.observed, bin.predicted, 0.02);
  }
  EXPECT_EQ(count, 200'000u);
}

TEST(Evaluation, DoesNotMistakeLuckForADiscovery) {
  const Sample luck = make_sample(1000, 0, 3), skill = make_sample(1000, 0.5);
  const Evaluation lucky = evaluate(luck.probabilities, luck.labels);
  EXPECT_THAT(verdict(lucky), ::testing::Not(HasSubstr("better than that (p = 0.00")));
  EXPECT_GT(lucky.p_value, 0.01);
  EXPECT_THAT(verdict(evaluate(skill.probabilities, skill.labels)),
              AllOf(HasSubstr(": better than that"), HasSubstr("p = ")));
  EXPECT_THAT(verdict(evaluate(Floats{0, 0, 0}, Floats{0, 1, 0})),
              AllOf(HasSubstr("always 'does not rise'"), HasSubstr("no better than that")));
}

}  // namespace
}  // namespace hftsim::models
