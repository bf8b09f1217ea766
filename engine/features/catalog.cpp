#include "engine/features/catalog.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim::features {
namespace {

using Parameters = std::span<const double>;

// The parameters of `name` where it is of this pattern.
std::optional<std::vector<double>> match(std::string_view pattern, std::string_view name) {
  std::vector<double> parameters;
  while (!pattern.empty()) {
    if (pattern[0] != '#' && pattern[0] != '%') {
      if (name.empty() || name[0] != pattern[0]) return std::nullopt;
      name.remove_prefix(1);
    } else {
      const std::size_t length = std::min(name.find('_'), name.size());
      double value = 0;
      const auto [end, error] = std::from_chars(name.data(), name.data() + length, value);
      if (length == 0 || error != std::errc() || end != name.data() + length) return std::nullopt;
      if (!(std::fabs(value) <= 1e15)) return std::nullopt;  // inf and nan are read as numbers too
      if (pattern[0] == '#' && value != std::floor(value)) return std::nullopt;
      parameters.push_back(value);
      name.remove_prefix(length);
    }
    pattern.remove_prefix(1);
  }
  return name.empty() ? std::optional(parameters) : std::nullopt;
}

void check_parameters(const FeatureKind& kind, const std::string& name, Parameters parameters) {
  std::size_t i = 0;
  for (const char c : kind.pattern) {
    if (c != '#' && c != '%') continue;
    const double value = parameters[i++];
    if (c == '#' && !(value >= kind.min_window && value <= kMaxWindow)) {
      throw BadInput("feature " + name, "a window of " + std::to_string(static_cast<long long>(value)),
                     "a whole number of bars from " + std::to_string(kind.min_window) + " to " +
                         std::to_string(kMaxWindow));
    }
    if (c == '%' && !(value > 0 && value <= 1000)) {
      throw BadInput("feature " + name, "a factor of " + std::to_string(value), "more than 0, at most 1000");
    }
  }
}

std::string filled_in(std::string_view pattern, std::span<const std::string> numbers) {
  std::string text;
  std::size_t next = 0;
  for (const char c : pattern) {
    if (c == '#') {
      text += numbers[std::min(next++, numbers.size() - 1)];
    } else {
      text += c == '%' ? "2" : std::string(1, c);
    }
  }
  return text;
}

// A pattern with usual numbers.
std::string example_of(std::string_view pattern) {
  const bool three = std::count(pattern.begin(), pattern.end(), '#') == 3;
  return filled_in(pattern,
                   three ? std::vector<std::string>{"12", "26", "9"} : std::vector<std::string>{"20"});
}

// A name without a number is nearest to what is called like it but for its numbers.
std::string suggestion_without_numbers(std::string_view name) {
  std::vector<std::string> stems;
  for (const FeatureKind& kind : feature_kinds()) {
    stems.emplace_back(kind.pattern.substr(0, kind.pattern.find_first_of("#%")));
    if (stems.back().ends_with('_')) stems.back().pop_back();
  }
  std::vector<std::string> names;
  for (const std::string& stem : nearest_names(name, stems)) {
    const auto kind = std::find(stems.begin(), stems.end(), stem) - stems.begin();
    names.push_back(example_of(feature_kinds()[static_cast<std::size_t>(kind)].pattern));
  }
  return did_you_mean(names);
}

std::string suggestion(const std::string& name) {
  const std::size_t digit = name.find_first_of("0123456789");
  if (digit == std::string::npos) return suggestion_without_numbers(name);
  const std::size_t past = name.find_first_not_of("0123456789", digit);
  const std::vector<std::string> number = {name.substr(digit, std::min(past, name.size()) - digit)};
  std::vector<std::string> names;
  for (const FeatureKind& kind : feature_kinds()) names.push_back(filled_in(kind.pattern, number));
  return did_you_mean(name, names);
}

std::string with_window(std::string_view pattern, std::uint32_t window) {
  std::string text(pattern);
  text.replace(text.find('#'), 1, std::to_string(window));
  return text;
}

void append_per_window(std::vector<std::string>& names, std::span<const std::uint32_t> windows,
                       std::initializer_list<std::string_view> patterns) {
  for (const std::uint32_t window : windows) {
    for (const std::string_view pattern : patterns) names.push_back(with_window(pattern, window));
  }
}

template <class Function>
void for_each_item(std::string_view list, Function function) {
  while (!list.empty()) {
    const std::size_t length = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, length);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) function(item);
    list.remove_prefix(std::min(length + 1, list.size()));
  }
}

}  // namespace

std::vector<std::string> default_features(std::span<const std::uint32_t> windows) {
  if (windows.empty()) throw BadInput("features.windows", "an empty list", "at least one window");
  std::vector<std::string> names = {"trades"};
  append_per_window(names, windows, {"return_#", "log_return_#"});
  append_per_window(names, windows, {"momentum_#", "momentum_pct_#"});
  append_per_window(names, windows, {"sma_#", "ema_#", "dist_sma_#", "dist_ema_#"});
  append_per_window(names, windows, {"price_position_#"});
  names.emplace_back("return_1");
  append_per_window(names, windows, {"volatility_#", "volatility_#_annualized"});
  append_per_window(names, windows, {"parkinson_vol_#"});
  append_per_window(names, windows, {"atr_#", "atr_pct_#"});
  append_per_window(names, windows, {"volume_sma_#", "volume_ratio_#"});
  append_per_window(names, windows, {"volume_change_#"});
  append_per_window(names, windows, {"vwap_#", "dist_vwap_#"});
  names.emplace_back("obv");
  append_per_window(names, windows, {"obv_ema_#"});
  for (const char* name : {"body", "body_pct", "upper_wick", "lower_wick", "range", "range_pct",
                           "body_range_ratio", "is_bullish"}) {
    names.emplace_back(name);
  }
  append_per_window(names, windows, {"trade_intensity_#"});
  names.emplace_back("buy_pressure");
  append_per_window(names, windows, {"buy_pressure_ma_#"});
  for (const char* name :
       {"hour", "hour_sin", "hour_cos", "day_of_week", "day_sin", "day_cos", "is_weekend"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<std::uint32_t> parse_windows(std::string_view list, const std::string& key) {
  std::vector<std::uint32_t> windows;
  for_each_item(list, [&](std::string_view item) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), value);
    if (error != std::errc() || end != item.data() + item.size() || value < 1 || value > kMaxWindow) {
      throw BadInput(key, "'" + std::string(item) + "'",
                     "whole numbers of bars from 1 to " + std::to_string(kMaxWindow));
    }
    const auto window = static_cast<std::uint32_t>(value);
    if (std::find(windows.begin(), windows.end(), window) == windows.end()) windows.push_back(window);
  });
  if (windows.empty()) throw BadInput(key, "an empty list", "at least one window");
  return windows;
}

std::vector<std::string> parse_feature_list(std::string_view list, std::span<const std::uint32_t> windows) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for_each_item(list, [&](std::string_view item) {
    if (item == "none") return;
    if (item == "default") {
      for (const std::string& name : default_features(windows)) add(name);
    } else {
      add(std::string(item));
    }
  });
  return names;
}

std::uint32_t slot_of(const std::string& name, std::span<const std::string> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw BadInput("feature '" + name + "' is not computed in this run" + did_you_mean(name, names));
  }
  return static_cast<std::uint32_t>(found - names.begin());
}

std::uint32_t build_feature(GraphBuilder& graph, const std::string& name, std::uint32_t slot) {
  for (const FeatureKind& kind : feature_kinds()) {
    const auto parameters = match(kind.pattern, name);
    if (!parameters) continue;
    check_parameters(kind, name, *parameters);
    if (kind.build == nullptr) {
      throw BadInput("feature " + name, "bars only", "data with quotes, a book or trades");
    }
    return kind.build(graph, *parameters, slot);
  }
  throw BadInput("features: unknown feature '" + name + "'" + suggestion(name));
}

}  // namespace hftsim::features
