#include "engine/core/exact_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

static_assert(std::numeric_limits<long double>::digits >= 64, "the reference below needs extended precision");

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double relative_error(double value, long double exact) {
  if (exact == 0) return value == 0 ? 0 : kInf;
  return static_cast<double>(std::fabs((value - exact) / exact));
}

long double exact_log_ratio(double num, double den) {
  const long double difference = static_cast<long double>(num) - den;
  return std::fabs(difference) < 0.25L * den ? log1pl(difference / den)
                                             : logl(static_cast<long double>(num) / den);
}

TEST(ExactLog, IsWithinAFewUlpOverThirtyDecades) {
  RandomStream random(1, "log");
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = static_cast<double>(powl(10.0L, 30 * random.uniform() - 15));
    worst = std::max(worst, relative_error(exact_log(x), logl(x)));
  }
  EXPECT_LE(worst, 4e-16);
}

TEST(ExactLog, HoldsToTheEndsOfTheNormalRange) {
  for (const double x : {std::numeric_limits<double>::min(), 1e-300, 1e-100, 1e100, 1e300, 6e307})
    EXPECT_LE(relative_error(exact_log(x), logl(x)), 4e-16) << x;
  EXPECT_EQ(exact_log(1), 0);
}

// Returns of a quiet market: num and den share most of their digits.
TEST(LogRatio, KeepsItsPrecisionNearOne) {
  RandomStream random(1, "log_ratio");
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double den = 1e-3 + 1e5 * random.uniform();
    const double step = static_cast<double>(powl(10.0L, -14 * random.uniform() - 1));
    const double num = den * (random.below(2) == 0 ? 1 + step : 1 - step);
    worst = std::max(worst, relative_error(log_ratio(num, den, num / den), exact_log_ratio(num, den)));
  }
  EXPECT_LE(worst, 4e-16);
}

TEST(LogRatio, IsExactlyZeroOnlyForEqualPrices) {
  for (const double price : {1e-8, 0.1, 1.0, 88795.1, 3e12}) {
    EXPECT_EQ(log_ratio(price, price, 1.0), 0);
    const double next = std::nextafter(price, kInf);
    EXPECT_GT(log_ratio(next, price, next / price), 0);
    EXPECT_LT(log_ratio(price, next, price / next), 0);
  }
}

TEST(LogRatio, IsAntisymmetricToTheUlp) {
  RandomStream random(2, "log_ratio");
  for (int i = 0; i < 10'000; ++i) {
    const double a = 1 + 99 * random.uniform(), b = 1 + 99 * random.uniform();
    const double forth = log_ratio(a, b, a / b), back = log_ratio(b, a, b / a);
    EXPECT_NEAR(forth, -back, 4e-16 * std::fabs(forth));
  }
}

// The approximation may come from a reciprocal, which rounds differently on every machine.
TEST(LogRatio, DoesNotDependOnTheLastBitsOfTheApproximation) {
  RandomStream random(3, "log_ratio");
  int compared = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double num = 1 + 9 * random.uniform(), den = 1 + 9 * random.uniform();
    const double approx = num / den;
    // Where both sides of the nudge lie in one binade of sqrt(1/2) * 2^k, the bits are equal by contract.
    if (std::floor(std::log2(approx) + 0.5 - 1e-6) != std::floor(std::log2(approx) + 0.5 + 1e-6)) continue;
    EXPECT_EQ(log_ratio(num, den, approx), log_ratio(num, den, approx * (1 + 1e-8)));
    EXPECT_EQ(log_ratio(num, den, approx), log_ratio(num, den, approx * (1 - 1e-8)));
    ++compared;
  }
  EXPECT_GT(compared, 9'000);
}

TEST(LogRatio, EdgesFollowIeee) {
  EXPECT_EQ(log_ratio(0, 5, 0.0), -kInf);
  EXPECT_EQ(log_ratio(5, 0, kInf), kInf);
  EXPECT_EQ(log_ratio(kInf, 5, kInf), kInf);
  EXPECT_EQ(log_ratio(5, kInf, 0.0), -kInf);
  EXPECT_TRUE(std::isnan(log_ratio(0, 0, kNaN)));
  EXPECT_TRUE(std::isnan(log_ratio(kNaN, 5, kNaN)));
  EXPECT_TRUE(std::isnan(log_ratio(5, kNaN, kNaN)));
  EXPECT_TRUE(std::isnan(log_ratio(kInf, kInf, kNaN)));
  EXPECT_TRUE(std::isnan(log_ratio(-1, 5, -0.2)));
  EXPECT_TRUE(std::isnan(log_ratio(5, -0.0, -kInf)));
}

// A change of a coefficient or of the order of operations moves every feature file and journal there is.
TEST(ExactMath, KeepsItsBits) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_log(2.0)), 0x3fe62e42fefa39efU);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_log(10.0)), 0x40026bb1bbb55516U);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_exp(1.0)), 0x4005bf0a8b14576aU);
  RandomStream random(1, "bits");
  std::uint64_t digest = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = 1e-6 + 1e6 * random.uniform();
    digest = std::rotl(digest, 7) ^ std::bit_cast<std::uint64_t>(exact_log(x));
    digest = std::rotl(digest, 7) ^ std::bit_cast<std::uint64_t>(exact_exp(1e-3 * (random.uniform() - 0.5)));
  }
  EXPECT_EQ(digest, 8896873686884094870U);
}

TEST(ExactExp, IsWithinAFewUlpOverItsRange) {
  RandomStream random(1, "exp");
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = 1400 * random.uniform() - 700;
    worst = std::max(worst, relative_error(exact_exp(x), expl(x)));
  }
  EXPECT_LT(worst, 1e-15);
}

TEST(ExactExp, IsExactAtZeroAndCloseNearIt) {
  EXPECT_EQ(exact_exp(0), 1);
  for (const double x : {1e-300, 1e-17, -1e-17, 1e-9, -1e-9, 1e-3, -0.3465, 0.3465, 0.3466, -0.3466})
    EXPECT_LT(relative_error(exact_exp(x), expl(x)), 4e-16) << x;
}

TEST(ExactExp, UndoesTheLogarithm) {
  RandomStream random(2, "exp");
  for (int i = 0; i < 10'000; ++i) {
    const double x = 1e-3 + 1e3 * random.uniform();
    EXPECT_NEAR(exact_exp(exact_log(x)), x, 4e-15 * x);
  }
}

}  // namespace
}  // namespace hftsim
