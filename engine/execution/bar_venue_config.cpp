#include "engine/execution/bar_venue_config.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

template <class Rule, std::size_t count>
Rule parse_rule(std::string_view text, const std::string& place, const std::array<Rule, count>& rules) {
  std::vector<std::string> names;
  std::string expectation;
  for (const Rule rule : rules) {
    if (name_of(rule) == text) return rule;
    names.emplace_back(name_of(rule));
    expectation += (expectation.empty() ? "" : " or ") + names.back();
  }
  throw BadInput(place, "\"" + std::string(text) + "\"", expectation + did_you_mean(text, names));
}

std::string text_of(double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.12g", value);
  return buffer.data();
}

void check_range(const char* key, double value, double low, double high, const char* expectation) {
  if (!(value >= low && value <= high)) {
    throw BadInput(std::string("execution.") + key, text_of(value), expectation);
  }
}

}  // namespace

std::string_view name_of(FillRule rule) {
  return rule == FillRule::close ? "close" : "next_open";
}
std::string_view name_of(LimitFill rule) {
  return rule == LimitFill::through ? "through" : "touch";
}
std::string_view name_of(IntrabarRule rule) {
  return rule == IntrabarRule::pessimistic ? "pessimistic" : "path";
}
std::string_view name_of(FillOn rule) {
  if (rule == FillOn::book) return "book";
  return rule == FillOn::quotes ? "quotes" : "trades";
}

FillRule parse_fill_rule(std::string_view text, const std::string& place) {
  return parse_rule(text, place, std::array{FillRule::close, FillRule::next_open});
}

LimitFill parse_limit_fill(std::string_view text, const std::string& place) {
  return parse_rule(text, place, std::array{LimitFill::through, LimitFill::touch});
}

IntrabarRule parse_intrabar_rule(std::string_view text, const std::string& place) {
  return parse_rule(text, place, std::array{IntrabarRule::pessimistic, IntrabarRule::path});
}

FillOn parse_fill_on(std::string_view text, const std::string& place) {
  return parse_rule(text, place, std::array{FillOn::quotes, FillOn::book, FillOn::trades});
}

void check(const BarVenueConfig& config) {
  constexpr double kWholePriceBps = 10'000;
  check_range("slippage_bps", config.slippage_bps, 0, kWholePriceBps, "basis points from 0 to 10000");
  check_range("half_spread_bps", config.half_spread_bps, 0, kWholePriceBps, "basis points from 0 to 10000");
  check_range("impact", config.impact, 0, 1e6, "a coefficient from 0 (none) to 1e6");
  check_range("participation", config.participation, 0, 1,
              "a share of the bar's volume from 0 (no cap) to 1");
  check_range("maker_fee", config.fees.maker_fee, -1, 1, "a share of the notional from -1 (rebate) to 1");
  check_range("taker_fee", config.fees.taker_fee, -1, 1, "a share of the notional from -1 (rebate) to 1");
}

}  // namespace hftsim
