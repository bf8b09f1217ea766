// A number in a cell of text.
#pragma once

#include <charconv>
#include <string_view>

namespace hftsim {

// Decimal or exponent form, "nan" and "inf" too, spaces around it allowed. False where it is anything else;
// then `value` is left alone.
inline bool parse_number(std::string_view text, double& value) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const last = text.data() + text.size();
  double parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), last, parsed);
  if (error != std::errc{} || end != last) return false;
  value = parsed;
  return true;
}

}  // namespace hftsim
