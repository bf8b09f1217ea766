// Logarithm and exponential with the same bits on every machine, compiler and vector width. The C library's
// differ between processors (it picks FMA variants at run time). Only IEEE + - * / on doubles are used, so
// that a compiler may vectorise these but may not change a result; build without contraction.
//
// Error of log_ratio: a few ulp of the result, also where num is close to den, because num - den is taken
// before the division. No library call, so that a file built for one instruction set (features/kernels)
// leaves no function behind that another file could pick up. Coefficients and reduction: fdlibm's e_log.c
// (Sun 1993).
#pragma once

#include <cstdint>

namespace hftsim {

// What log_ratio() asks of its numbers; vectors of doubles bring their own (features/ops/lanes.h).
[[gnu::always_inline]] inline std::uint64_t bits_of(double x) {
  return __builtin_bit_cast(std::uint64_t, x);
}
[[gnu::always_inline]] inline double double_of(std::uint64_t bits) {
  return __builtin_bit_cast(double, bits);
}
[[gnu::always_inline]] inline double select(bool which, double a, double b) {
  return which ? a : b;
}

// ln(num / den), given any approximation of num / den that is within a factor of 1.1 (or inf, 0, NaN where
// the quotient is). The result depends on it only through its binary exponent.
template <class Double>
[[gnu::always_inline]] inline Double log_ratio(Double num, Double den, Double approx_ratio) {
  constexpr std::uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t kOneBits = 0x3ff0000000000000;
  constexpr double kLn2Hi = 6.93147180369123816490e-01, kLn2Lo = 1.90821492927058770002e-10;
  constexpr double kInf = __builtin_inf();

  // approx_ratio = 2^k * m with m in [sqrt(1/2), sqrt(2)); k + 1023 lands in the exponent field.
  const auto biased_k = (bits_of(approx_ratio) - kSqrtHalfBits + kOneBits) >> 52;
  const Double k = double_of(biased_k | 0x4330000000000000) - (0x1p52 + 1023);
  const Double scale = double_of((2046 - biased_k) << 52);
  const Double scaled = num * scale;
  const Double s = (scaled - den) / (scaled + den);
  const Double z = s * s;
  const Double z2 = z * z, z4 = z2 * z2;  // Estrin's scheme: half the way of Horner's
  const Double low = (3.999999999940941908e-01 * z + 6.666666666666735130e-01) +
                     (2.222219843214978396e-01 * z + 2.857142874366239149e-01) * z2;
  const Double high =
      (1.531383769920937332e-01 * z + 1.818357216161805012e-01) + 1.479819860511658591e-01 * z2;
  const Double log_m = 2.0 * s + (s * z) * (low + high * z4);
  const Double finite = k * kLn2Hi + (log_m + k * kLn2Lo);
  const Double infinite_or = select(approx_ratio == kInf, kInf, finite);
  const Double non_negative = select(approx_ratio == 0.0, -kInf, infinite_or);
  return select(approx_ratio < 0.0, __builtin_nan(""), non_negative);
}

[[gnu::always_inline]] inline double log_ratio(double num, double den, double approx_ratio) {
  return log_ratio<double>(num, den, approx_ratio);
}

// ln(x) for normal x up to 2^1022.
inline double exact_log(double x) {
  return log_ratio(x, 1.0, x);
}

// e^x for |x| <= 700; relative error below 1e-15.
inline double exact_exp(double x) {
  constexpr double kLn2Hi = 6.93147180369123816490e-01, kLn2Lo = 1.90821492927058770002e-10;
  constexpr double kInvLn2 = 1.44269504088896338700;
  constexpr double kRound = 0x1.8p52;  // adding and taking it away rounds to an integer
  const double k = (x * kInvLn2 + kRound) - kRound;
  const double r = (x - k * kLn2Hi) - k * kLn2Lo;
  double p = 1.0 / 6227020800.0;  // Taylor to r^13 on |r| <= ln(2)/2
  constexpr double kInverseFactorials[] = {1.0 / 479001600.0,
                                           1.0 / 39916800.0,
                                           1.0 / 3628800.0,
                                           1.0 / 362880.0,
                                           1.0 / 40320.0,
                                           1.0 / 5040.0,
                                           1.0 / 720.0,
                                           1.0 / 120.0,
                                           1.0 / 24.0,
                                           1.0 / 6.0,
                                           0.5,
                                           1.0,
                                           1.0};
  for (const double coefficient : kInverseFactorials) p = p * r + coefficient;
  const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023);
  return p * __builtin_bit_cast(double, exponent << 52);
}

}  // namespace hftsim
