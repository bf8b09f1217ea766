// a * b + c rounded once, for processors without the instruction: bit for bit what theirs give.
//
// The product of two floats is exact in double. The sum rounds in double and again to float; that differs from
// rounding once only where the first rounding lands in the middle between two floats, or where the result is
// subnormal. There the sum is rounded to odd instead, which the second rounding cannot mistake (Boldo,
// Melquiond 2008). No library call: see kernels_isa.cpp.
#pragma once

#include <cstdint>

namespace hftsim::models {

// x + y rounded to odd: to the neighbour whose last bit is set, where it is not exact. Finite x and y.
[[gnu::always_inline]] inline double add_to_odd(double x, double y) {
  const double sum = x + y;
  const double y_part = sum - x;
  const double error = (x - (sum - y_part)) + (y - y_part);  // Knuth's TwoSum
  auto bits = __builtin_bit_cast(std::uint64_t, sum);
  if (error != 0 && (bits & 1) == 0) bits += (error > 0) == (sum > 0) ? 1 : std::uint64_t{0} - 1;
  return __builtin_bit_cast(double, bits);
}

[[gnu::always_inline]] inline float exact_fma(float a, float b, float c) {
  constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1, kMiddle = std::uint64_t{1} << 28;
  constexpr double kSmallestNormal = 0x1p-126;
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double sum = product + static_cast<double>(c);
  const bool middle = (__builtin_bit_cast(std::uint64_t, sum) & kBelowFloat) == kMiddle;
  const bool subnormal = sum < kSmallestNormal && sum > -kSmallestNormal;
  if (middle || subnormal) [[unlikely]]
    return static_cast<float>(add_to_odd(product, static_cast<double>(c)));
  return static_cast<float>(sum);
}

}  // namespace hftsim::models
