#include "engine/core/decimal_step.h"

#include <algorithm>

namespace hftsim {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// value * 10 + digit, or false where 64 bits do not hold it.
bool append_digit(std::int64_t& value, int digit) {
  return !__builtin_mul_overflow(value, 10, &value) && !__builtin_add_overflow(value, digit, &value);
}

// The text as an integer of 10^-decimals; none where it is no decimal or has more of them.
std::optional<std::int64_t> parse_scaled(std::string_view text, int decimals) {
  std::int64_t value = 0;
  bool has_digits = false, behind_point = false;
  int missing = decimals;
  for (const char c : text) {
    if (c == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    has_digits = true;
    if (behind_point && missing == 0) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (behind_point) --missing;
    if (!append_digit(value, c - '0')) return std::nullopt;
  }
  for (; missing > 0 && value != 0; --missing) {
    if (!append_digit(value, 0)) return std::nullopt;
  }
  return has_digits ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_steps(std::string_view text, DecimalStep step) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const std::optional<std::int64_t> scaled = parse_scaled(text, step.decimals);
  if (!scaled || *scaled % step.units != 0) return std::nullopt;
  return (is_negative ? -1 : 1) * (*scaled / step.units);
}

int decimals_of(std::string_view text) {
  const std::size_t point = text.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::string format_steps(std::int64_t n, DecimalStep step) {
  __extension__ using Wide = __int128;
  const Wide scaled = static_cast<Wide>(n) * step.units;
  Wide rest = scaled < 0 ? -scaled : scaled;
  std::string text;
  for (int i = 0; i <= step.decimals || rest > 0; ++i) {
    if (i > 0 && i == step.decimals) text += '.';
    text += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (scaled < 0) text += '-';
  std::ranges::reverse(text);
  return text;
}

}  // namespace hftsim
