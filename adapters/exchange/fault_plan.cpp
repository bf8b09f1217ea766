#include "adapters/exchange/fault_plan.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim::exchange {
namespace {

struct FaultWord {
  std::string_view name;
  bool on_rest, on_stream;
  Duration duration;
};

constexpr std::array<FaultWord, kFaultCount> kWords = {{{"disconnect", true, true, {}},
                                                        {"stall", true, true, 5 * kSecond},
                                                        {"malformed", true, true, {}},
                                                        {"slow", true, true, Duration(20'000'000)},
                                                        {"429", true, false, {}},
                                                        {"418", true, false, {}},
                                                        {"503", true, false, {}},
                                                        {"gap", false, true, {}},
                                                        {"duplicate", false, true, {}},
                                                        {"reorder", false, true, {}}}};

constexpr Duration kDurationMax = 3'600 * kSecond;

template <class Number>
std::optional<Number> parse_all(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "1500ms", "2s", "-3s".
std::optional<Duration> parse_duration(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const bool in_ms = text.ends_with("ms");
  if (!in_ms && !text.ends_with('s')) return std::nullopt;
  text.remove_suffix(in_ms ? 2 : 1);
  const std::optional<double> number = parse_all<double>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  const double ns = *number * (in_ms ? 1e6 : 1e9);
  if (std::fabs(ns) > static_cast<double>(kDurationMax.value)) return std::nullopt;
  return Duration(std::llround(ns));
}

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

// "ws.", "rest." or nothing in front of the name: which sides are meant.
std::array<bool, 2> take_sides(std::string_view& name) {
  const bool is_rest = name.starts_with("rest."), is_stream = name.starts_with("ws.");
  name.remove_prefix(is_rest ? 5 : is_stream ? 3 : 0);
  return {!is_stream, !is_rest};
}

Fault fault_of(std::string_view name, const std::string& place) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (kWords[i].name == name) return static_cast<Fault>(i);
    known.emplace_back(kWords[i].name);
  }
  known.emplace_back("skew");
  throw BadInput(place, fmt::format("'{}'", name), "a fault" + did_you_mean(std::string(name), known));
}

}  // namespace

struct FaultPlan::Setting {
  bool is_skew = false;
  Fault fault = Fault::disconnect;
  std::array<bool, 2> sides{};
  double probability = 0;
  std::uint64_t every = 0;
  bool once = false;
  Duration duration{0};
  std::string where;
};

std::string_view fault_name(Fault fault) {
  return kWords[static_cast<std::size_t>(fault)].name;
}

FaultPlan::FaultPlan(std::uint64_t seed) : choices_(seed, "exchange/fault") {
  for (const FaultWord& word : kWords) {
    for (const std::string_view side : {"rest", "ws"}) {
      rules_.emplace_back(RandomStream(seed, fmt::format("exchange/fault/{}/{}", side, word.name)));
    }
  }
  clear();
}

void FaultPlan::clear() {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    rules_[i].probability = 0;
    rules_[i].every = 0;
    rules_[i].once = false;
    rules_[i].duration = kWords[i / 2].duration;
    rules_[i].where.clear();
  }
  skew_ = Duration(0);
}

FaultPlan::Rule& FaultPlan::rule(Fault fault, FaultSide side) {
  return rules_[2 * static_cast<std::size_t>(fault) + static_cast<std::size_t>(side)];
}
const FaultPlan::Rule& FaultPlan::rule(Fault fault, FaultSide side) const {
  return rules_[2 * static_cast<std::size_t>(fault) + static_cast<std::size_t>(side)];
}

FaultPlan::Setting FaultPlan::parse(std::string_view text) {
  const std::string place = fmt::format("fault '{}'", text);
  Setting setting;
  std::string_view rest = text;
  std::string_view name = take_until(rest, '=');
  if (name == "skew") {
    const std::optional<Duration> skew = parse_duration(rest);
    if (!skew) throw BadInput(place, fmt::format("'{}'", rest), "a time of an hour at most: +1500ms, -2s");
    setting.is_skew = true;
    setting.duration = *skew;
    return setting;
  }
  setting.sides = take_sides(name);
  setting.fault = fault_of(name, place);
  const FaultWord& word = kWords[static_cast<std::size_t>(setting.fault)];
  setting.sides = {setting.sides[0] && word.on_rest, setting.sides[1] && word.on_stream};
  if (!setting.sides[0] && !setting.sides[1]) {
    throw BadInput(place, fmt::format("'{}'", name), word.on_rest ? "no ws. in front" : "no rest. in front");
  }
  setting.duration = word.duration;
  const std::string_view how_often = take_until(rest, '@');
  setting.where = rest;
  read_rate(setting, how_often, place);
  return setting;
}

// "0.02", "1/50", "once", "off", with ":5s" behind it or not.
void FaultPlan::read_rate(Setting& setting, std::string_view text, const std::string& place) {
  const std::string_view rate = take_until(text, ':');
  if (!text.empty()) {
    const std::optional<Duration> given = parse_duration(text);
    if (!given || given->value < 0) throw BadInput(place, fmt::format("'{}'", text), "a time: 20ms, 5s");
    setting.duration = *given;
  }
  if (rate == "off") return;
  setting.once = rate == "once";
  if (setting.once) return;
  if (rate.starts_with("1/")) {
    setting.every = parse_all<std::uint64_t>(rate.substr(2)).value_or(0);
    if (setting.every > 0) return;
  }
  const double probability = parse_all<double>(rate).value_or(-1);
  if (!(probability >= 0 && probability <= 1)) {
    throw BadInput(place, fmt::format("'{}'", rate), "a rate: 0.02, 1/50, once or off");
  }
  setting.probability = probability;
}

void FaultPlan::apply(const Setting& setting) {
  if (setting.is_skew) {
    skew_ = setting.duration;
    return;
  }
  for (const FaultSide side : {FaultSide::rest, FaultSide::stream}) {
    if (!setting.sides[static_cast<std::size_t>(side)]) continue;
    Rule& changed = rule(setting.fault, side);
    changed.probability = setting.probability;
    changed.every = setting.every;
    changed.once = setting.once;
    changed.duration = setting.duration;
    changed.where = setting.where;
    changed.asked = 0;
  }
}

void FaultPlan::set(const std::string& faults) {
  std::vector<Setting> settings;
  std::string_view rest = faults;
  while (!rest.empty()) settings.push_back(parse(take_until(rest, ',')));
  for (const Setting& setting : settings) apply(setting);
}

bool FaultPlan::any(FaultSide side) const {
  for (std::size_t i = static_cast<std::size_t>(side); i < rules_.size(); i += 2) {
    if (rules_[i].probability > 0 || rules_[i].every > 0 || rules_[i].once) return true;
  }
  return false;
}

bool FaultPlan::strikes(Fault fault, FaultSide side, std::string_view what) {
  Rule& asked = rule(fault, side);
  if (!asked.where.empty() && what.find(asked.where) == std::string_view::npos) return false;
  bool struck = false;
  if (asked.once) {
    struck = true;
    asked.once = false;
  } else if (asked.every > 0) {
    struck = ++asked.asked % asked.every == 0;
  } else if (asked.probability > 0) {
    struck = asked.random.uniform() < asked.probability;
  }
  asked.struck += struck;
  return struck;
}

}  // namespace hftsim::exchange
