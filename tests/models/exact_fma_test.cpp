// exact_fma() against the C library's fma, which is exact by its standard.
#include "models/native/exact_fma.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/rng.h"

namespace hftsim::models {
namespace {

void expect_same(float a, float b, float c) {
  const float expected = std::fma(a, b, c), got = exact_fma(a, b, c);
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << a << " * " << b << " + " << c;
  } else {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(got), std::bit_cast<std::uint32_t>(expected))
        << std::hexfloat << a << " * " << b << " + " << c;
  }
}

float random_float(RandomStream& random, int exponents) {
  const auto mantissa = static_cast<float>(1 + random.uniform());
  const auto exponent = static_cast<int>(random.below(static_cast<std::uint64_t>(exponents))) - exponents / 2;
  return std::ldexp(random.next() % 2 == 0 ? mantissa : -mantissa, exponent);
}

TEST(ExactFma, EqualsTheCLibrarysOnRandomNumbers) {
  RandomStream random(1, "fma");
  for (int i = 0; i < 300'000; ++i) {
    for (const int exponents : {4, 60, 276})
      expect_same(random_float(random, exponents), random_float(random, exponents),
                  random_float(random, exponents));
  }
}

// a * b in the middle between two floats, and c too small for double's sum: rounding twice goes wrong here.
TEST(ExactFma, RoundsOnceWhereDoubleLandsInTheMiddle) {
  const float product_ends_in_a_half = 1 + 0x1p-12f;  // its square is 1 + 2^-11 + 2^-24
  int differs = 0;
  for (const float sign : {1.0f, -1.0f}) {
    for (int exponent = -149; exponent < -20; ++exponent) {
      for (const float c : {std::ldexp(1.0f, exponent), -std::ldexp(1.0f, exponent)}) {
        const float a = sign * product_ends_in_a_half, b = product_ends_in_a_half;
        expect_same(a, b, c);
        const auto twice =
            static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
        differs += twice != std::fma(a, b, c) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(differs, 100);  // else these are not the hard cases
}

// Sums near the middle between neighbouring floats, by a last bit of double more or less.
TEST(ExactFma, RoundsOnceAroundEveryMiddle) {
  RandomStream random(2, "middle");
  for (int i = 0; i < 200'000; ++i) {
    const float c = random_float(random, 40);
    const float half_ulp = (std::nextafter(c, std::numeric_limits<float>::infinity()) - c) / 2;
    const auto odd = static_cast<float>(2 * random.below(1 << 20) + 1);
    // odd * (1 / odd rounded) is 1 + tiny: half an ulp of c, missed by a little.
    expect_same(odd, half_ulp / odd, c);
    expect_same(-odd, half_ulp / odd, c);
    expect_same(half_ulp, 1 + 0x1p-23f, c);
    expect_same(half_ulp, 1 - 0x1p-24f, c);
    expect_same(half_ulp, 1, c);
  }
}

TEST(ExactFma, IsExactAtTheEndsOfTheRange) {
  constexpr float kInf = std::numeric_limits<float>::infinity(), kMax = std::numeric_limits<float>::max();
  constexpr float kTiny = std::numeric_limits<float>::denorm_min(), kMin = std::numeric_limits<float>::min();
  const std::vector<float> ends = {0.0f,         -0.0f,    1.0f,    -1.0f, 0.5f,  kTiny,       -kTiny,
                                   3 * kTiny,    kMin,     -kMin,   kMax,  -kMax, kInf,        -kInf,
                                   kMin - kTiny, 0x1p-75f, 0x1p64f, 1.5f,  -1.5f, 1 + 0x1p-23f};
  for (const float a : ends) {
    for (const float b : ends) {
      for (const float c : ends) expect_same(a, b, c);
    }
  }
  expect_same(std::nanf(""), 1, 1);
  RandomStream random(3, "subnormal");
  for (int i = 0; i < 200'000; ++i) {
    const float a = random_float(random, 20) * 0x1p-70f, b = random_float(random, 20) * 0x1p-64f;
    expect_same(a, b, kTiny * static_cast<float>(random.below(1 << 24)));
  }
}

}  // namespace
}  // namespace hftsim::models
