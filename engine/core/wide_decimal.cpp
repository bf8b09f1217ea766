#include "engine/core/wide_decimal.h"

#include <bit>
#include <cmath>

namespace hftsim {
namespace {

int leading_zeros(WideCount n) {
  const auto high = static_cast<std::uint64_t>(n >> 64);
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(n));
}

// The quotient has more than 54 bits and its last one tells of a remainder, so that the conversion rounds as if it
// saw all of it.
double nearest_quotient(WideCount n, WideCount divisor) {
  const int shift = leading_zeros(n);
  const WideCount shifted = n << shift;
  const WideCount has_remainder = shifted % divisor != 0 ? 1 : 0;
  return std::ldexp(static_cast<double>(shifted / divisor | has_remainder), -shift);
}

}  // namespace

double nearest_double(WideCount n, DecimalStep step) {
  const auto power = static_cast<WideCount>(kPowersOfTen[static_cast<std::size_t>(step.decimals)]);
  WideCount scaled = 0;
  if (__builtin_mul_overflow(n, static_cast<WideCount>(step.units), &scaled)) {
    return static_cast<double>(n) * (static_cast<double>(step.units) / static_cast<double>(power));
  }
  if (scaled >> 53 == 0) return static_cast<double>(scaled) / static_cast<double>(power);  // both are exact
  return nearest_quotient(scaled, power);
}

WideCount steps_to_reach(std::int64_t digits, int exponent, WideCount units, int decimals) {
  auto n = static_cast<WideCount>(digits);
  int tens = exponent + decimals;
  for (; tens > 0; --tens) {
    if (__builtin_mul_overflow(n, WideCount{10}, &n)) return kWideMax;
  }
  for (; tens < 0; ++tens) {
    if (__builtin_mul_overflow(units, WideCount{10}, &units)) return 1;  // far below one step
  }
  return n / units + (n % units != 0 ? 1 : 0);
}

}  // namespace hftsim
