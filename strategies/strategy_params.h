// Typed parameters of strategies: what a parameter is, what it may be, and how it reaches a params struct.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hftsim {

// In the order of ParamType.
using ParamValue =
    std::variant<double, std::int64_t, bool, std::string, std::vector<std::string>, std::vector<double>>;
enum class ParamType : std::uint8_t { real, integer, boolean, text, text_list, real_list };

// By name; members of an ensemble as "momentum.volume_threshold".
using StrategyParams = std::map<std::string, ParamValue, std::less<>>;

struct ParamSpec {
  std::string name;
  ParamValue default_value;
  double min = -std::numeric_limits<double>::infinity();  // numbers, and each number of a list
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;  // texts, and each text of a list; empty: any
  std::string help;
  std::string word = {};  // a text that may stand in a number's place; empty: none

  ParamType type() const { return static_cast<ParamType>(default_value.index()); }
};

std::string_view name_of(ParamType type);

// As TOML writes it: 0.5, 10, true, "text", ["a", "b"].
std::string to_text(const ParamValue& value);

// What the parameter may be, in words: "an integer from 1 to 100000".
std::string expectation_of(const ParamSpec& spec);

// `value` in the parameter's own type: an integer where a real is wanted becomes one, an empty list fits any
// list, the spec's word stays as it is. Throws BadInput(place, ...) for another type, a number out of range or NaN, a text not to choose.
ParamValue checked_value(const ParamSpec& spec, const ParamValue& value, const std::string& place);

// A parameter and the member of Params that holds it: name, default, range and destination in one line.
template <class Params>
struct ParamField {
  std::variant<double Params::*, std::int64_t Params::*, bool Params::*> member;
  std::string name;
  double min = 0;
  double max = 0;
  std::string help;
};

template <class Params>
std::vector<ParamSpec> specs_of(const std::vector<ParamField<Params>>& fields) {
  const Params defaults;
  std::vector<ParamSpec> specs;
  for (const ParamField<Params>& field : fields) {
    const auto value_of = [&](auto member) {
      return ParamValue(defaults.*member);
    };
    specs.push_back({field.name, std::visit(value_of, field.member), field.min, field.max, {}, field.help});
  }
  return specs;
}

// `resolved` holds every field in its own type (checked_value).
template <class Params>
Params read_params(const std::vector<ParamField<Params>>& fields, const StrategyParams& resolved) {
  Params params;
  for (const ParamField<Params>& field : fields) {
    const ParamValue& value = resolved.at(field.name);
    std::visit(
        [&](auto member) {
          auto& target = params.*member;
          target = std::get<std::decay_t<decltype(target)>>(value);
        },
        field.member);
  }
  return params;
}

}  // namespace hftsim
