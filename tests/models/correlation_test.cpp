#include "models/training/correlation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "engine/core/rng.h"
#include "tests/models/naive_correlation.h"

namespace hftsim::models {
namespace {

using ::testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Columns that share something; every third in coarse steps (ties), `holes` of 1,000 values not finite.
std::vector<std::vector<double>> seeded_columns(std::size_t count, std::size_t rows, std::uint64_t holes) {
  RandomStream random(7, "columns");
  std::vector<std::vector<double>> columns(count, std::vector<double>(rows));
  for (std::size_t i = 0; i < rows; ++i) {
    const double shared = random.normal();
    for (std::size_t k = 0; k < count; ++k) {
      double value = shared * static_cast<double>(k) / 4 + random.normal();
      if (k % 3 == 0) value = std::round(2 * value);
      if (random.below(1000) < holes) value = random.below(2) == 0 ? kNan : kInfinity;
      columns[k][i] = value;
    }
  }
  return columns;
}

TEST(Correlation, RanksCountFromOneAndTiesHaveTheirAverage) {
  EXPECT_THAT(doubled_ranks(std::vector<double>{30, 10, 20, 10, 10}), ElementsAre(10, 4, 8, 4, 4));
  EXPECT_THAT(doubled_ranks(std::vector<double>{0.0, -0.0}), ElementsAre(3, 3));
  EXPECT_THAT(doubled_ranks(std::vector<double>{kInfinity, 2, kNan, 1, -kInfinity}),
              ElementsAre(0, 4, 0, 2, 0));
}

TEST(Correlation, PearsonIsTheNaiveDefinition) {
  for (const std::uint64_t holes : {0U, 50U}) {
    const auto columns = seeded_columns(6, 700, holes);
    for (const auto& x : columns) {
      for (const auto& y : columns) EXPECT_NEAR(pearson(x, y), naive::pearson(x, y), 1e-13);
    }
  }
}

TEST(Correlation, SpearmanIsPearsonOfTheRanksAmongTheRowsBothHave) {
  for (const std::uint64_t holes : {0U, 50U, 400U}) {
    const auto columns = seeded_columns(6, 300, holes);
    for (const auto& x : columns) {
      for (const auto& y : columns) {
        EXPECT_NEAR(spearman(doubled_ranks(x), doubled_ranks(y)), naive::spearman(x, y), 1e-13);
      }
    }
  }
}

TEST(Correlation, TheMatrixIsSpearmanOfEveryTwoWithGapsOrWithout) {
  auto columns = seeded_columns(9, 1300, 0);  // more than one block of rows, and no whole number of them
  const auto with_gaps = seeded_columns(9, 1300, 50);
  columns[2] = with_gaps[2];
  columns[7] = with_gaps[7];
  std::vector<DoubledRanks> ranks;
  for (const auto& column : columns) ranks.push_back(doubled_ranks(column));
  int ticks = 0;
  const std::vector<double> matrix = spearman_matrix(ranks, [&] { ++ticks; });
  EXPECT_EQ(ticks, 9);
  for (std::size_t a = 0; a < 9; ++a) {
    for (std::size_t b = 0; b < 9; ++b) {
      EXPECT_EQ(matrix[a * 9 + b], spearman(ranks[a], ranks[b])) << a << " " << b;
      EXPECT_NEAR(matrix[a * 9 + b], naive::spearman(columns[a], columns[b]), 1e-13) << a << " " << b;
    }
  }
}

TEST(Correlation, OfAColumnWithItselfIsOneToTheBitAndWithItsNegativeMinusOne) {
  for (std::vector<double> x : seeded_columns(4, 999, 20)) {
    std::vector<double> negative = x;
    for (double& value : negative) value = -value;
    EXPECT_EQ(spearman(doubled_ranks(x), doubled_ranks(x)), 1.0);
    EXPECT_EQ(spearman(doubled_ranks(x), doubled_ranks(negative)), -1.0);
    EXPECT_NEAR(pearson(x, negative), -1, 1e-14);
  }
}

TEST(Correlation, IsUndefinedOfAConstantOrWithoutCommonRows) {
  const std::vector<double> some = {1, 2, 3, 4}, constant(4, 0.1), left = {1, 2, kNan, kNan},
                            right = {kNan, kNan, 1, 2}, none(4, kNan);
  for (const auto& [x, y] : {std::pair(some, constant), {left, right}, {some, none}, {none, none}}) {
    EXPECT_TRUE(std::isnan(pearson(x, y)));
    EXPECT_TRUE(std::isnan(spearman(doubled_ranks(x), doubled_ranks(y))));
    EXPECT_TRUE(std::isnan(spearman_matrix(std::vector{doubled_ranks(x), doubled_ranks(y)}, [] {})[1]));
  }
}

TEST(Correlation, PearsonHoldsForAnySizeOfValues) {
  const auto columns = seeded_columns(2, 500, 0);
  const double wanted = naive::pearson(columns[0], columns[1]);
  for (const double scale : {1e-300, 1e-160, 1e160, 1e300}) {
    std::vector<double> scaled = columns[1];
    for (double& value : scaled) value *= scale;
    EXPECT_NEAR(pearson(columns[0], scaled), wanted, 1e-12) << scale;
  }
  std::vector<double> shifted = columns[1];
  for (double& value : shifted) value += 1e9;
  EXPECT_NEAR(pearson(columns[0], shifted), wanted, 1e-6);
}

TEST(Correlation, WhatRoundingMakesOfAConstantIsNoVariation) {
  EXPECT_TRUE(is_constant(std::vector<double>{0.1 + 0.2, 0.3, kNan}));
  EXPECT_TRUE(is_constant(std::vector<double>{0, 0}));
  EXPECT_TRUE(is_constant(std::vector<double>{kNan, kInfinity}));
  EXPECT_FALSE(is_constant(std::vector<double>{1e9, 1e9 + 1e-3}));
  EXPECT_FALSE(is_constant(std::vector<double>{-1.7e308, 1.7e308}));
  EXPECT_FALSE(is_constant(std::vector<double>{0, 1e-300}));
}

// Percentage points of Student's t (Abramowitz, Stegun 1964, table 26.10) and the closed forms for 1 and 2 degrees.
TEST(Correlation, PIsStudentsTwoSided) {
  const auto p_of_t = [](double t, double degrees) {
    return two_sided_p(t / std::sqrt(degrees + t * t), degrees + 2);
  };
  EXPECT_NEAR(p_of_t(2.228, 10), 0.05, 2e-5);
  EXPECT_NEAR(p_of_t(-3.169, 10), 0.01, 5e-6);
  EXPECT_NEAR(p_of_t(2.042, 30), 0.05, 5e-5);
  for (const double t : {0.1, 1.0, 5.0}) {
    EXPECT_NEAR(p_of_t(t, 1), 1 - 2 * std::atan(t) / std::acos(-1), 1e-12);
    EXPECT_NEAR(p_of_t(t, 2), 1 - t / std::sqrt(2 + t * t), 1e-12);
  }
  EXPECT_EQ(two_sided_p(0, 100), 1);
  EXPECT_EQ(two_sided_p(1, 100), 0);
  EXPECT_EQ(two_sided_p(-1, 100), 0);
  EXPECT_TRUE(std::isnan(two_sided_p(kNan, 100)));
}

TEST(Correlation, BenjaminiHochbergIsTheLeastOfWhatLargerOnesNeed) {
  RandomStream random(3, "p");
  std::vector<double> p(40);
  for (double& value : p) value = random.below(4) == 0 ? 0.25 : random.uniform() * random.uniform();
  const std::vector<double> adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    double least = 1;
    for (const double bound : p) {
      if (bound < p[i]) continue;
      const auto rank =
          static_cast<double>(std::count_if(p.begin(), p.end(), [&](double x) { return x <= bound; }));
      least = std::min(least, bound * 40 / rank);
    }
    EXPECT_NEAR(adjusted[i], least, 1e-15);
  }
  EXPECT_THAT(benjamini_hochberg(std::vector<double>{0.03}), ElementsAre(0.03));
  EXPECT_TRUE(benjamini_hochberg({}).empty());
}

}  // namespace
}  // namespace hftsim::models
