#include "replay/bar_generator_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/core/errors.h"
#include "engine/core/event.h"

namespace hftsim {
namespace {

// Counts up whenever the same options give other bytes.
constexpr int kModelVersion = 2;

constexpr std::int64_t kEndNs = std::numeric_limits<std::int64_t>::max();

template <class T>
void check_range(const std::string& what, T value, T low, T high) {
  if (!(value >= low && value <= high))
    throw BadInput("generator: " + what, fmt::format("{}", value), fmt::format("{} to {}", low, high));
}

// One list of the model's numbers for check and describe: visit(name, value, lowest, highest).
template <class Visit>
void for_each_parameter(const BarModel& model, Visit visit) {
  visit("volatility", model.volatility, 1e-6, 0.01);
  visit("slow_volatility_sd", model.slow_volatility_sd, 0.0, 1.0);
  visit("fast_volatility_sd", model.fast_volatility_sd, 0.0, 1.0);
  visit("bar_volatility_sd", model.bar_volatility_sd, 0.0, 1.0);
  visit("leverage", model.leverage, -1.0, 1.0);
  visit("day_profile", model.day_profile, 0.0, 3.0);
  visit("jumps_per_day", model.jumps_per_day, 0.0, 1440.0);
  visit("jump_size", model.jump_size, 0.0, 20.0);
  visit("price_spread", model.price_spread, 0.01, 0.5);
  visit("correlation", model.correlation, 0.0, 1.0);
  visit("activity_sd", model.activity_sd, 0.0, 1.0);
  visit("trades_sd", model.trades_sd, 0.0, 1.0);
  visit("size_sd", model.size_sd, 0.0, 1.0);
  const auto visit_span = [&](const char* name, Duration value) {
    visit(name, value.value, kSecond.value, 10'000 * kDay.value);
  };
  visit_span("slow_half_life_ns", model.slow_half_life);
  visit_span("fast_half_life_ns", model.fast_half_life);
  visit_span("activity_half_life_ns", model.activity_half_life);
}

void check_symbols(const std::vector<GeneratedSymbol>& symbols) {
  check_range<std::size_t>("count of symbols", symbols.size(), 1, std::numeric_limits<InstrumentId>::max());
  std::vector<std::string> names;
  for (const GeneratedSymbol& symbol : symbols) {
    if (symbol.name.empty()) throw BadInput("generator: symbols", "a symbol without a name", "a name");
    check_range(symbol.name + ".initial_price", symbol.initial_price, 10.0, 1e7);
    check_range(symbol.name + ".volume_per_minute", symbol.volume_per_minute, 0.01, 1e9);
    check_range(symbol.name + ".trades_per_minute", symbol.trades_per_minute, 1.0, 1e6);
    names.push_back(symbol.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw BadInput("generator: symbols", *twice + " twice", "each name once");
}

}  // namespace

std::vector<GeneratedSymbol> generated_symbols(std::size_t count) {
  std::vector<GeneratedSymbol> symbols;
  GeneratedSymbol symbol;
  for (std::size_t i = 1; i <= count; ++i) {
    symbol.name = fmt::format("SYN{}USDT", i);
    symbols.push_back(symbol);
    if (symbol.initial_price < 300) continue;
    symbol.initial_price /= 3;
    symbol.volume_per_minute *= 3;
  }
  return symbols;
}

std::uint64_t BarGeneratorOptions::bars_max() const {
  return static_cast<std::uint64_t>((kEndNs - start.value) / interval.value);
}

void BarGeneratorOptions::check() const {
  check_range("interval_ns", interval.value, kSecond.value, kDay.value);
  check_range("start_ns", start.value, std::int64_t{0}, kEndNs - kDay.value);
  check_range<std::uint64_t>("bars", bars, 0, bars_max());
  check_symbols(symbols);
  for_each_parameter(
      model, [](const char* name, auto value, auto low, auto high) { check_range(name, value, low, high); });
}

std::string BarGeneratorOptions::describe() const {
  std::string text =
      fmt::format("hftsim bar generator {}\nseed = {}\nbars = {}\nstart_ns = {}\ninterval_ns = {}\n",
                  kModelVersion, seed, bars, start.value, interval.value);
  const auto add = [&](const std::string& name, auto value) {
    text += fmt::format("{} = {}\n", name, value);
  };
  for_each_parameter(model, [&](const char* name, auto value, auto, auto) { add(name, value); });
  for (const GeneratedSymbol& symbol : symbols) {
    add("symbol", symbol.name);
    add("initial_price", symbol.initial_price);
    add("volume_per_minute", symbol.volume_per_minute);
    add("trades_per_minute", symbol.trades_per_minute);
  }
  return text;
}

}  // namespace hftsim
