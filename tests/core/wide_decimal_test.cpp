// One rounding, whatever the size: against what the C library reads from the decimal text.
#include "engine/core/wide_decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

std::string digits_of(WideCount n) {
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(n % 10));
    n /= 10;
  } while (n > 0);
  std::ranges::reverse(text);
  return text;
}

double read_back(WideCount n, int decimals) {
  return std::strtod((digits_of(n) + "e-" + std::to_string(decimals)).c_str(), nullptr);
}

TEST(WideDecimal, IsTheDoubleNearestToTheDecimal) {
  RandomStream random(1, "wide");
  for (int i = 0; i < 200'000; ++i) {
    const auto bits = static_cast<int>(random.below(128)) + 1;
    const WideCount any = static_cast<WideCount>(random.next()) << 64 | random.next();
    const WideCount n = any >> (128 - bits);
    const int decimals = static_cast<int>(random.below(19));
    ASSERT_EQ(nearest_double(n, {1, decimals}), read_back(n, decimals)) << digits_of(n) << " e-" << decimals;
  }
}

TEST(WideDecimal, RoundsHalfwayCasesToEvenAndThoseJustBeyondUp) {
  const WideCount half = (WideCount{1} << 60) + (1 << 7);  // between two doubles
  EXPECT_EQ(nearest_double(half, {1, 0}), 0x1p60);
  EXPECT_EQ(nearest_double(half + 1, {1, 0}), 0x1p60 + 0x1p8);
  EXPECT_EQ(nearest_double(half + (1 << 8), {1, 0}), 0x1p60 + 0x1p9);
  EXPECT_EQ(nearest_double(half * 1000, {1, 3}), 0x1p60);
  EXPECT_EQ(nearest_double(half * 1000 + 1, {1, 3}), 0x1p60 + 0x1p8) << "a remainder counts";
}

TEST(WideDecimal, CountsTheUnitsOfAStep) {
  EXPECT_EQ(nearest_double(0, {5, 3}), 0.0);
  EXPECT_EQ(nearest_double(7, {5, 3}), 0.035);
  EXPECT_EQ(nearest_double(kWideMax / 5 - 3, {5, 0}), nearest_double((kWideMax / 5 - 3) * 5, {1, 0}));
  EXPECT_NEAR(nearest_double(kWideMax, {5, 3}) / (0x1p128 * 0.005), 1, 1e-15) << "beyond 128 bits";
}

TEST(WideDecimal, AddsUpToTheGreatest) {
  EXPECT_TRUE(add_clamped(kWideMax - 1, 1) == kWideMax);
  EXPECT_TRUE(add_clamped(kWideMax, 1) == kWideMax);
}

TEST(WideDecimal, RoundsThresholdsUpToWholeSteps) {
  const auto steps = [](std::int64_t digits, int exponent, WideCount units, int decimals) {
    return static_cast<std::uint64_t>(steps_to_reach(digits, exponent, units, decimals));
  };
  EXPECT_EQ(steps(50, 0, 1, 3), 50'000u);
  EXPECT_EQ(steps(50, 0, 5, 3), 10'000u);
  EXPECT_EQ(steps(51, 0, 5, 0), 11u);
  EXPECT_EQ(steps(15, -1, 1, 0), 2u);
  EXPECT_EQ(steps(1, -30, 1, 3), 1u);
  EXPECT_EQ(steps(1, -30, kWideMax, 0), 1u);
  EXPECT_EQ(steps(1, 6, 1, 5), 100'000'000'000u);
  EXPECT_TRUE(steps_to_reach(1, 30, 1, 18) == kWideMax);
}

}  // namespace
}  // namespace hftsim
