// The grid on which integer prices and quantities lie: an integer n stands for n * units * 10^-decimals. Text
// becomes an integer and an integer a double with one rounding at most: nothing passes through a double on the
// way in.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hftsim {

inline constexpr int kDecimalsMax = 18;

inline constexpr std::array<std::int64_t, kDecimalsMax + 1> kPowersOfTen = [] {
  std::array<std::int64_t, kDecimalsMax + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

struct DecimalStep {
  std::int64_t units = 1;  // > 0
  int decimals = 0;        // 0 to kDecimalsMax

  friend bool operator==(const DecimalStep&, const DecimalStep&) = default;

  // The double nearest to n steps, as long as n * units has no more than 53 bits (9e15).
  double value(std::int64_t n) const {
    return static_cast<double>(n * units) /
           static_cast<double>(kPowersOfTen[static_cast<std::size_t>(decimals)]);
  }
};

// "61800.30" in steps: 6180030 of {1, 2}, 618003 of {1, 1}. None where the text is no plain decimal ("-0.5" is
// one, "1e3" and "" are not), lies between two steps, or is beyond 64 bits.
std::optional<std::int64_t> parse_steps(std::string_view text, DecimalStep step);

// How many decimals the text has: 2 for "61800.30"; what is behind the point, zeros too.
int decimals_of(std::string_view text);

// n steps as text with the step's decimals: "61800.30"; the inverse of parse_steps.
std::string format_steps(std::int64_t n, DecimalStep step);

}  // namespace hftsim
