#include "tools/bar_spec_text.h"

#include <charconv>
#include <optional>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kDigitsMax = 18;
constexpr int kExponentMax = 30;

struct Number {
  std::int64_t digits = 0;
  int exponent = 0;
};

bool take_exponent(std::string_view text, int& exponent) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return error == std::errc{} && end == text.data() + text.size() && exponent >= -kExponentMax &&
         exponent <= kExponentMax;
}

// "1e6", "0.5", "250000" as digits * 10^exponent; none where it is no such number or not above 0.
std::optional<Number> parse_number(std::string_view text) {
  Number number;
  const std::size_t e = text.find('e');
  if (e != std::string_view::npos && !take_exponent(text.substr(e + 1), number.exponent)) return std::nullopt;
  std::size_t count = 0;
  bool behind_point = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.' && !behind_point && count > 0) {
      behind_point = true;
      continue;
    }
    if (c < '0' || c > '9' || ++count > kDigitsMax) return std::nullopt;
    number.digits = number.digits * 10 + (c - '0');
    number.exponent -= behind_point ? 1 : 0;
  }
  for (; number.digits > 0 && number.digits % 10 == 0; number.digits /= 10) ++number.exponent;
  return number.digits > 0 ? std::optional(number) : std::nullopt;
}

std::optional<BarMeasure> measure_of(char letter) {
  if (letter == 't') return BarMeasure::trades;
  if (letter == 'v') return BarMeasure::volume;
  if (letter == 'd') return BarMeasure::dollar;
  return std::nullopt;
}

std::optional<BarSpec> parse(std::string_view text) {
  if (text.empty()) return std::nullopt;
  BarSpec spec;
  const bool has_unit = text.back() < '0' || text.back() > '9';
  if (const auto interval = parse_interval(text); interval && has_unit) {
    spec.interval = *interval;
    return spec;
  }
  const auto measure = measure_of(text.back());
  const auto number = parse_number(text.substr(0, text.size() - 1));
  if (!measure || !number) return std::nullopt;
  if (measure == BarMeasure::trades && number->exponent < 0) return std::nullopt;
  spec.measure = *measure;
  spec.digits = number->digits;
  spec.exponent = number->exponent;
  return spec;
}

}  // namespace

BarSpec parse_bar_spec(std::string_view text, const std::string& place) {
  if (const auto spec = parse(text)) return *spec;
  throw BadInput(place, "'" + std::string(text) + "'",
                 "5s, 1m, 4h, 1d, 1w (time), 1000t (trades), 50v (base units) or 1e6d (quote units)");
}

}  // namespace hftsim
