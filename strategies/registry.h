// Strategies by name: what there is, which parameters each takes, and how one is made.
//
// To add a strategy: write its two files, the header ending in `StrategyDefinition <name>_definition();`,
// name the .cpp in CMakeLists.txt, and add its #include and its line of the table to registry.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/strategy.h"
#include "strategies/strategy_params.h"

namespace hftsim {

struct StrategySpec {
  std::string name;
  std::string summary;
  std::vector<ParamSpec> params;
};

// All strategies, by name.
std::span<const StrategySpec> strategy_specs();

// Throws BadInput for a name there is not, with the nearest ones.
const StrategySpec& strategy_spec(std::string_view name);

// `given` with every default filled in and every value in its parameter's type: what a run writes into its
// config. Resolving the result again changes nothing. Throws BadInput, the place being "strategy.<key>",
// for an unknown strategy or parameter, a wrong type, a value out of range, or parameters at odds
// (fast >= slow).
StrategyParams resolve_params(std::string_view name, const StrategyParams& given);

// Resolves, then makes. Throws as resolve_params does.
std::unique_ptr<Strategy> make_strategy(std::string_view name, const StrategyParams& given);

// A strategy with a parameter `short` decides itself whether a SELL ends flat or short; the run's
// account.allow_short has to be the same. None: the account alone decides.
std::optional<bool> short_of(const StrategyParams& resolved);

// What a strategy hands to the registry.
struct StrategyDefinition {
  StrategySpec spec;

  // Makes one from resolved parameters.
  std::function<std::unique_ptr<SignalStrategy>(const StrategyParams& resolved)> make;

  // Throws BadInput(place + ".<key>", ...) where parameters are each in range but at odds. May be empty.
  std::function<void(const StrategyParams& resolved, const std::string& place)> check = {};

  // Names of the strategies whose parameters it takes as nested keys ("momentum.volume_threshold"), from its
  // own resolved ones. May be empty.
  std::function<std::vector<std::string>(const StrategyParams& resolved)> members = {};
};

// For strategies made of others: the parameters below "<member>." of `resolved`, without that prefix.
StrategyParams nested_params(const StrategyParams& resolved, std::string_view member);
std::unique_ptr<SignalStrategy> make_signal_strategy(std::string_view name, const StrategyParams& resolved);

}  // namespace hftsim
