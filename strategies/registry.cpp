#include "strategies/registry.h"

#include <algorithm>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "strategies/breakout.h"
#include "strategies/buy_and_hold.h"
#include "strategies/ensemble.h"
#include "strategies/mean_reversion.h"
#include "strategies/momentum.h"
#include "strategies/sma_cross.h"

namespace hftsim {
namespace {

// One line per strategy that is not made of others, in alphabetical order.
std::vector<StrategyDefinition> simple_definitions() {
  return {
      breakout_definition(), buy_and_hold_definition(), mean_reversion_definition(),
      momentum_definition(), sma_cross_definition(),
  };
}

std::vector<std::string> names_of(std::span<const StrategyDefinition> definitions) {
  std::vector<std::string> names;
  for (const StrategyDefinition& definition : definitions) names.push_back(definition.spec.name);
  return names;
}

std::vector<StrategyDefinition> all_definitions() {
  std::vector<StrategyDefinition> definitions = simple_definitions();
  definitions.push_back(ensemble_definition(names_of(definitions)));
  std::ranges::sort(definitions, {}, [](const StrategyDefinition& d) { return d.spec.name; });
  return definitions;
}

const std::vector<StrategyDefinition>& definitions() {
  static const std::vector<StrategyDefinition> all = all_definitions();
  return all;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i > 0 ? ", " : "") + names[i];
  return text;
}

const StrategyDefinition& definition_of(std::string_view name) {
  for (const StrategyDefinition& definition : definitions()) {
    if (definition.spec.name == name) return definition;
  }
  const std::vector<std::string> known = names_of(definitions());
  throw BadInput("strategy.name", '"' + std::string(name) + '"',
                 "one of " + joined(known) + did_you_mean(name, known));
}

[[noreturn]] void throw_unknown(const StrategySpec& spec, const std::string& key, const std::string& place,
                                const std::vector<std::string>& members) {
  std::vector<std::string> known;
  for (const ParamSpec& param : spec.params) known.push_back(param.name);
  for (const std::string& member : members) {
    for (const ParamSpec& param : strategy_spec(member).params) known.push_back(member + "." + param.name);
  }
  const std::string has = known.empty() ? "it has none" : "it has " + joined(known);
  throw BadInput(place + "." + key + ": " + spec.name + " has no such parameter" + did_you_mean(key, known) +
                 "; " + has);
}

// The strategy's own parameters; keys with a dot are left to its members.
StrategyParams resolve_own(const StrategySpec& spec, const StrategyParams& given, const std::string& place) {
  StrategyParams resolved;
  for (const ParamSpec& param : spec.params) {
    const auto found = given.find(param.name);
    resolved[param.name] = found == given.end()
                               ? param.default_value
                               : checked_value(param, found->second, place + "." + param.name);
  }
  return resolved;
}

// Everything given is either the strategy's own or a parameter of one of its members.
void refuse_unknown(const StrategySpec& spec, const StrategyParams& given, const std::string& place,
                    const std::vector<std::string>& members) {
  for (const auto& [key, value] : given) {
    const auto names_key = [&key = key](const ParamSpec& param) {
      return param.name == key;
    };
    if (std::ranges::any_of(spec.params, names_key)) continue;
    const std::size_t dot = key.find('.');
    const bool is_nested = dot != std::string::npos && std::ranges::count(members, key.substr(0, dot)) > 0;
    if (!is_nested) throw_unknown(spec, key, place, members);
  }
}

StrategyParams resolve(std::string_view name, const StrategyParams& given, const std::string& place) {
  const StrategyDefinition& definition = definition_of(name);
  StrategyParams resolved = resolve_own(definition.spec, given, place);
  const std::vector<std::string> members =
      definition.members ? definition.members(resolved) : std::vector<std::string>{};
  refuse_unknown(definition.spec, given, place, members);
  if (definition.check) definition.check(resolved, place);
  for (const std::string& member : members) {
    const StrategyParams nested = resolve(member, nested_params(given, member), place + "." + member);
    for (const auto& [key, value] : nested) resolved[member + "." + key] = value;
  }
  return resolved;
}

}  // namespace

std::span<const StrategySpec> strategy_specs() {
  static const std::vector<StrategySpec> specs = [] {
    std::vector<StrategySpec> all;
    for (const StrategyDefinition& definition : definitions()) all.push_back(definition.spec);
    return all;
  }();
  return specs;
}

const StrategySpec& strategy_spec(std::string_view name) {
  return definition_of(name).spec;
}

StrategyParams resolve_params(std::string_view name, const StrategyParams& given) {
  return resolve(name, given, "strategy");
}

std::unique_ptr<Strategy> make_strategy(std::string_view name, const StrategyParams& given) {
  return make_signal_strategy(name, resolve_params(name, given));
}

std::unique_ptr<SignalStrategy> make_signal_strategy(std::string_view name, const StrategyParams& resolved) {
  return definition_of(name).make(resolved);
}

std::optional<bool> short_of(const StrategyParams& resolved) {
  const auto found = resolved.find("short");
  if (found == resolved.end()) return std::nullopt;
  return std::get<bool>(found->second);
}

StrategyParams nested_params(const StrategyParams& resolved, std::string_view member) {
  const std::string prefix = std::string(member) + ".";
  StrategyParams nested;
  for (const auto& [key, value] : resolved) {
    if (key.starts_with(prefix)) nested[key.substr(prefix.size())] = value;
  }
  return nested;
}

}  // namespace hftsim
