#include "tools/run_config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "engine/features/catalog.h"
#include "strategies/registry.h"
#include "tools/bar_spec_text.h"

namespace hftsim {
namespace {

std::string place_in(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(','), text.size());
    items.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return items;
}

double parse_number(const std::string& text, const std::string& place) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw BadInput(place, "'" + text + "'", "a number");
  return value;
}

// TOML has times of its own; here they are texts as well.
std::optional<std::string> time_text(const toml::node& node) {
  std::ostringstream text;
  if (const auto* date = node.as_date()) text << *date;
  if (const auto* time = node.as_date_time()) text << *time;
  if (text.str().empty()) return std::nullopt;
  return text.str();
}

ParamValue list_value(const toml::array& array, const std::string& place) {
  std::vector<std::string> texts;
  std::vector<double> numbers;
  for (const toml::node& item : array) {
    if (const auto text = item.value_exact<std::string>()) {
      texts.push_back(*text);
    } else if (const auto time = time_text(item)) {
      texts.push_back(*time);
    } else if (const auto number = item.value<double>()) {
      numbers.push_back(*number);
    }
  }
  if (texts.size() + numbers.size() != array.size() || (!texts.empty() && !numbers.empty())) {
    throw BadInput(place, "a list of mixed or nested values", "a list of texts or a list of numbers");
  }
  return texts.empty() ? ParamValue(numbers) : ParamValue(texts);
}

ParamValue value_of(const toml::node& node, const std::string& place) {
  if (const auto value = node.value_exact<bool>()) return *value;
  if (const auto value = node.value_exact<std::int64_t>()) return *value;
  if (const auto value = node.value_exact<double>()) return *value;
  if (const auto value = node.value_exact<std::string>()) return *value;
  if (const toml::array* array = node.as_array()) return list_value(*array, place);
  if (const auto time = time_text(node)) return *time;
  throw BadInput(place, "a table", "a number, true or false, a text or a list");
}

// One text stands for a list where a list is wanted: "a,b", "5,10,20".
ParamValue as_list_if_wanted(const ParamSpec& spec, const ParamValue& value, const std::string& place) {
  const auto* text = std::get_if<std::string>(&value);
  if (spec.type() == ParamType::real_list) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return std::vector<double>{static_cast<double>(*number)};
    }
    if (const auto* number = std::get_if<double>(&value)) return std::vector<double>{*number};
  }
  if (text == nullptr) return value;
  if (spec.type() == ParamType::text_list) return split(*text);
  if (spec.type() != ParamType::real_list) return value;
  std::vector<double> numbers;
  for (const std::string& item : split(*text)) numbers.push_back(parse_number(item, place));
  return numbers;
}

std::vector<std::string> known_keys() {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys()) names.push_back(key.spec.name);
  return names;
}

// The nearest keys; for a name without its section those that end in it.
std::string key_suggestion(const std::string& name) {
  const std::vector<std::string> known = known_keys();
  for (const std::string& key : known) {
    if (key.ends_with("." + name)) return " (did you mean " + key + "?)";
  }
  return did_you_mean(name, known);
}

void assign(RunConfig& config, const std::string& name, const ParamValue& value, const std::string& place) {
  const std::string where = place + ": " + name;
  config.places[name] = place;
  for (const ConfigKey& key : config_keys()) {
    if (key.spec.name != name) continue;
    key.set(config, checked_value(key.spec, as_list_if_wanted(key.spec, value, where), where));
    return;
  }
  constexpr std::string_view kStrategy = "strategy.";
  if (name.starts_with(kStrategy)) {
    config.strategy.params[name.substr(kStrategy.size())] = value;
    return;
  }
  throw BadInput(place + ": unknown key '" + name + "'" + key_suggestion(name) +
                 "; hftsim backtest --keys lists them");
}

// A section without a key would be read past.
void check_section(const std::string& name, const std::string& place) {
  std::vector<std::string> known;
  for (const ConfigKey& key : config_keys()) {
    const std::string section = key.spec.name.substr(0, key.spec.name.find('.'));
    if (section == name) return;
    if (known.empty() || known.back() != section) known.push_back(section);
  }
  if (name.starts_with("strategy.")) return;
  throw BadInput(place + ": unknown section [" + name + "]" + did_you_mean(name, known));
}

void assign_table(RunConfig& config, const toml::table& table, const std::string& prefix,
                  const std::string& file) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* nested = node.as_table()) {
      if (nested->empty()) check_section(name, place_in(file, node));
      assign_table(config, *nested, name + ".", file);
    } else {
      const std::string place = place_in(file, node);
      assign(config, name, value_of(node, place + ": " + name), place);
    }
  }
}

bool takes_text(const std::string& name) {
  for (const ConfigKey& key : config_keys()) {
    if (key.spec.name != name) continue;
    return key.spec.type() == ParamType::text || key.spec.type() == ParamType::text_list;
  }
  return false;
}

bool is_text(const ParamValue& value) {
  return std::holds_alternative<std::string>(value) ||
         std::holds_alternative<std::vector<std::string>>(value) ||
         value == ParamValue(std::vector<double>{});  // [] has no type
}

// What stands behind '=': TOML, or a text without its quotes.
ParamValue parse_value(const std::string& text, const std::string& place) {
  try {
    const toml::table table = toml::parse("value = " + text);
    if (table.size() == 1) return value_of(*table.get("value"), place);
  } catch (const toml::parse_error&) {
    // not TOML: a bare word such as momentum or data/bars.csv
  }
  return text;
}

void append_section(std::string& text, const std::string& name, std::string& section) {
  const std::string wanted = name.substr(0, name.rfind('.'));
  if (wanted == section) return;
  section = wanted;
  text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
}

}  // namespace

void read_config_file(RunConfig& config, const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::directory) throw BadInput(file, "a directory", "a TOML file");
  if (type == std::filesystem::file_type::not_found) throw BadInput(file + ": no such file");
  if (!std::ifstream(path)) throw BadInput(file + ": cannot be opened: " + std::strerror(errno));
  try {
    assign_table(config, toml::parse_file(file), "", file);
  } catch (const toml::parse_error& error) {
    const auto& where = error.source().begin;
    throw BadInput(
        fmt::format("{}:{}:{}: not TOML: {}", file, where.line, where.column, error.description()));
  }
}

void apply_setting(RunConfig& config, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw BadInput("--set", "'" + std::string(assignment) + "'", "section.key=value");
  }
  const std::string name(assignment.substr(0, equals));
  const std::string text(assignment.substr(equals + 1));
  const ParamValue value = parse_value(text, "--set: " + name);
  assign(config, name, takes_text(name) && !is_text(value) ? ParamValue(text) : value, "--set");
}

void set_key(RunConfig& config, const std::string& name, const ParamValue& value, const std::string& place) {
  assign(config, name, value, place);
}

BadInput with_place(const RunConfig& config, const BadInput& error) {
  const std::string message = error.what();
  for (const auto& [key, place] : config.places) {
    if (message.starts_with(key + ":")) return BadInput(place + ": " + message);
  }
  return error;
}

std::vector<std::uint32_t> feature_windows(const RunConfig& config) {
  return features::parse_windows(fmt::format("{}", fmt::join(config.features.windows, ",")));
}

namespace {

// The strategy's lists may be given as texts, like every other key's: known once its name is.
void read_strategy_lists(RunConfig& config) {
  for (const ParamSpec& param : strategy_spec(config.strategy.name).params) {
    const auto given = config.strategy.params.find(param.name);
    if (given == config.strategy.params.end()) continue;
    given->second = as_list_if_wanted(param, given->second, "strategy." + param.name);
  }
}

void resolve_strategy(RunConfig& config) {
  read_strategy_lists(config);
  config.strategy.params = resolve_params(config.strategy.name, config.strategy.params);
  if (const auto wants_short = short_of(config.strategy.params)) {
    if (config.account.allow_short && !*wants_short) {
      throw BadInput("account.allow_short", "true", "false, or strategy.short = true as well");
    }
    config.account.allow_short = *wants_short;
  }
}

void require_for_sizer(const RunConfig& config, const char* sizer, const char* key, double value) {
  if (config.account.sizer != sizer || value > 0) return;
  throw BadInput(key, to_text(value), std::string("more than 0: account.sizer is ") + sizer);
}

void check_sizer(const RunConfig& config) {
  require_for_sizer(config, "fixed_quantity", "account.quantity", config.account.quantity);
  require_for_sizer(config, "volatility_target", "risk.volatility_limit", config.risk.volatility_limit);
  require_for_sizer(config, "kelly", "account.kelly_multiple", config.account.kelly_multiple);
}

// Configs of runs before fees could be rebates said -1 for "not given".
void check_fee(const char* key, std::optional<double> fee) {
  if (fee == -1) throw BadInput(key, "-1", "a rate above -1; left out, account.fee_rate is charged");
}

void check_times(const RunConfig& config) {
  time_of(config.run.start, "run.start", 0);
  const auto& from = config.model.from;
  if (!from.empty() && from.size() != config.model.path.size()) {
    throw BadInput("model.from", std::to_string(from.size()) + " times",
                   std::to_string(config.model.path.size()) + ", one per bundle of model.path, or none");
  }
  std::int64_t before_ns = INT64_MIN;
  for (const std::string& text : from) {
    const std::int64_t ns = time_of(text, "model.from", 0);
    if (ns <= before_ns) throw BadInput("model.from", "'" + text + "'", "a time after the one before it");
    before_ns = ns;
  }
}

void check_model(const RunConfig& config) {
  const std::size_t bundles = config.model.path.size(), weights = config.model.weights.size();
  if (weights == 0 || weights == bundles) return;
  throw BadInput("model.weights", std::to_string(weights) + " of them",
                 std::to_string(bundles) + ", one per bundle of model.path, or none");
}

void check_bars(const RunConfig::Data& data) {
  if (!data.interval.empty()) checked_interval(data.interval, "data.interval");
  if (data.trade_bars.empty()) return;
  parse_bar_spec(data.trade_bars, "data.trade_bars");
  if (data.interval.empty()) return;
  throw BadInput("data.interval", data.interval, "nothing: data.trade_bars says what bars are made");
}

void check_ticks(const RunConfig& config) {
  if (config.execution.venue != "ticks") return;
  if (config.data.order != "recorded") {
    throw BadInput("execution.venue", "ticks",
                   "bars; or data.order = recorded as well, and a recording of ticks");
  }
  if (config.execution.fill == name_of(FillRule::close)) {
    throw BadInput("execution.fill", "close", "next_open; or execution.venue = bars, which have a close");
  }
}

// What a session lived is in one file, with its bars.
void check_order(const RunConfig::Data& data) {
  if (data.order != "recorded") return;
  if (data.path.size() != 1) {
    throw BadInput("data.order", fmt::format("recorded, and {} files", data.path.size()), "one recording");
  }
  if (!data.trade_bars.empty()) {
    throw BadInput("data.order", "recorded, and bars of trades (" + data.trade_bars + ")",
                   "exchange; or the bars that are in the recording");
  }
}

void check_together(const RunConfig& config) {
  check_model(config);
  check_times(config);
  const auto& files = config.data.path;
  if (files.empty()) throw BadInput("data.path", "an empty list", "a file or generated");
  if (std::ranges::count(files, "") > 0) throw BadInput("data.path", "\"\"", "a file or generated");
  check_bars(config.data);
  check_order(config.data);
  check_ticks(config);
  feature_windows(config);  // checks them
  check_sizer(config);
  check_fee("account.maker_fee", config.account.maker_fee);
  check_fee("account.taker_fee", config.account.taker_fee);
  if (std::ranges::count(config.model.path, "") > 0) throw BadInput("model.path", "\"\"", "a bundle's file");
}

}  // namespace

void set_account_steps(std::span<Instrument> instruments, const RunConfig& config) {
  const bool is_session = config.data.order == "recorded";
  const auto& account = config.account;
  for (Instrument& instrument : instruments) {
    if (account.lot_size || !is_session) instrument.lot_size = account.lot_size.value_or(kLotSize);
    if (account.min_notional || !is_session) instrument.min_notional = account.min_notional.value_or(0);
  }
}

void resolve(RunConfig& config) {
  try {
    resolve_strategy(config);
    check_together(config);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

std::int64_t time_of(const std::string& text, const std::string& key, std::int64_t when_empty) {
  if (text.empty()) return when_empty;
  const std::int64_t ns = parse_time(text);
  if (ns == kNoTime) throw BadInput(key, "'" + text + "'", "a time, as 2026-01-05T00:00:00Z");
  return ns;
}

std::string to_toml(const RunConfig& config) {
  std::string text, section;
  for (const ConfigKey& key : config_keys()) {
    if (key.is_given && !key.is_given(config)) continue;
    append_section(text, key.spec.name, section);
    text += fmt::format("{} = {}\n", key.spec.name.substr(key.spec.name.rfind('.') + 1),
                        to_text(key.get(config)));
    if (key.spec.name != "strategy.name") continue;
    for (const auto& [name, value] : config.strategy.params)
      text += fmt::format("{} = {}\n", name, to_text(value));
  }
  return text;
}

}  // namespace hftsim
