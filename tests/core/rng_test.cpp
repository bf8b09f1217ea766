#include "engine/core/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace hftsim {
namespace {

// From an independent implementation of FNV-1a, splitmix64 and xoshiro256++ in arbitrary-precision integers.
TEST(RandomStream, GivesThePublishedGenerator) {
  RandomStream unnamed(0, "");
  EXPECT_EQ(unnamed.next(), 0xc7c9810f3d1cf2b7U);
  EXPECT_EQ(unnamed.next(), 0x1bc47e2107165ab2U);
  EXPECT_EQ(unnamed.next(), 0x2563b8b8ca5bdbb5U);
  EXPECT_EQ(unnamed.next(), 0xd38b15572668e0c7U);
  RandomStream prices(42, "prices");
  EXPECT_EQ(prices.next(), 0x3c2ce4a03949db1fU);
  EXPECT_EQ(prices.next(), 0x3e21f8b95f486574U);
  EXPECT_EQ(RandomStream(42, "prices").uniform(), 0.23506001388276532);
}

TEST(RandomStream, FollowsFromSeedAndNameAlone) {
  RandomStream first(7, "volume");
  RandomStream other(7, "jumps");
  for (int i = 0; i < 100; ++i) other.next();
  RandomStream again(7, "volume");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next(), again.next());
}

TEST(RandomStream, AnotherNameOrSeedIsAnotherStream) {
  EXPECT_NE(RandomStream(7, "volume").next(), RandomStream(7, "volumes").next());
  EXPECT_NE(RandomStream(7, "volume").next(), RandomStream(8, "volume").next());
}

// Correlation of two streams whose names differ by one letter; 4.5 standard errors.
TEST(RandomStream, NeighbouringNamesAreUncorrelated) {
  constexpr int kCount = 100'000;
  RandomStream a(1, "BTCUSDT"), b(1, "BTCUSDS");
  double sum = 0;
  for (int i = 0; i < kCount; ++i) sum += a.normal() * b.normal();
  EXPECT_LT(std::fabs(sum / kCount), 4.5 / std::sqrt(kCount));
}

TEST(RandomStream, UniformHasItsMomentsAndRange) {
  constexpr int kCount = 200'000;
  RandomStream random(3, "uniform");
  double sum = 0, sum2 = 0, smallest = 1, largest = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = random.uniform();
    sum += u;
    sum2 += u * u;
    smallest = std::min(smallest, u);
    largest = std::max(largest, u);
  }
  EXPECT_GE(smallest, 0);
  EXPECT_LT(largest, 1);
  EXPECT_LT(smallest, 1e-4);
  EXPECT_GT(largest, 1 - 1e-4);
  EXPECT_NEAR(sum / kCount, 0.5, 4.5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(sum2 / kCount, 1.0 / 3, 4.5 * std::sqrt(4.0 / 45 / kCount));
}

TEST(RandomStream, NormalHasItsMoments) {
  constexpr int kCount = 400'000;
  RandomStream random(3, "normal");
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.normal();
    m1 += x;
    m2 += x * x;
    m3 += x * x * x;
    m4 += x * x * x * x;
  }
  EXPECT_NEAR(m1 / kCount, 0, 4.5 * std::sqrt(1.0 / kCount));
  EXPECT_NEAR(m2 / kCount, 1, 4.5 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(m3 / kCount, 0, 4.5 * std::sqrt(15.0 / kCount));
  EXPECT_NEAR(m4 / kCount, 3, 4.5 * std::sqrt(96.0 / kCount));
}

TEST(RandomStream, ExponentialHasItsMomentsAndRange) {
  constexpr int kCount = 200'000;
  RandomStream random(3, "exponential");
  double m1 = 0, m2 = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.exponential();
    ASSERT_GE(x, 0);
    ASSERT_TRUE(std::isfinite(x));
    m1 += x;
    m2 += x * x;
  }
  EXPECT_NEAR(m1 / kCount, 1, 4.5 * std::sqrt(1.0 / kCount));
  EXPECT_NEAR(m2 / kCount, 2, 4.5 * std::sqrt(20.0 / kCount));
}

TEST(RandomStream, BelowCoversItsRangeEvenly) {
  constexpr int kCount = 60'000;
  RandomStream random(3, "below");
  std::vector<int> counts(6);
  for (int i = 0; i < kCount; ++i) ++counts.at(random.below(6));
  double chi2 = 0;
  for (const int count : counts) chi2 += (count - kCount / 6.0) * (count - kCount / 6.0) / (kCount / 6.0);
  EXPECT_LT(chi2, 20.5);  // 5 degrees of freedom, p = 0.001
  EXPECT_EQ(random.below(1), 0U);
}

}  // namespace
}  // namespace hftsim
