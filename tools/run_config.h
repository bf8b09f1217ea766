// Everything a backtest can be told, with its defaults, and how it is read: a TOML file, then `--set
// section.key=value`, later ones over earlier ones. config_keys() is the one list of keys: parsing, checking,
// writing and `--help` all follow it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/instrument.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/portfolio/risk_gate.h"
#include "strategies/strategy_params.h"

namespace hftsim {

// Stands where a file would: the run makes its bars itself.
inline constexpr const char* kGeneratedData = "generated";

// execution.compute_latency = measured: timed once before the run, and kept in its config as a number.
inline constexpr std::int64_t kMeasuredLatency = -1;

// Of instruments whose exchange did not say.
inline constexpr double kLotSize = 1e-8;

struct RunConfig {
  struct Data {
    std::vector<std::string> path = {kGeneratedData};  // files, or that
    std::string interval;                              // "1m"; empty: from the file
    std::string trade_bars;          // "1m", "1000t": bars of a recording's trades; empty: its own
    std::string order = "exchange";  // or recorded: as a session lived it
    std::string policy = "reject";
    std::int64_t bars = 100'000;  // generated: of each symbol
    std::int64_t symbols = 1;     // generated
  } data;

  struct Features {
    std::vector<std::string> list = {"default"};
    std::vector<double> windows = {5, 10, 20};
  } features;

  struct Strategy {
    std::string name = "momentum";
    StrategyParams params;  // as given; resolve() fills in the rest
  } strategy;

  struct Account {
    double initial_capital = 100'000;
    double fee_rate = 0.001;
    std::optional<double> maker_fee;  // not given: fee_rate; below 0: a rebate
    std::optional<double> taker_fee;
    double position_size = 0.3;
    double max_position = 0.3;
    std::string sizer = "fixed_fraction";
    double quantity = 0;
    double kelly_multiple = 0.5;
    bool allow_short = false;
    bool brackets = true;
    // Not given: of a session's recording those that its exchange said, else kLotSize and 0.
    std::optional<double> lot_size;
    std::optional<double> min_notional;
  } account;

  struct Execution {
    std::string venue = "bars";
    std::string fill = "next_open";
    std::string fill_on = "quotes";  // venue ticks
    std::string limit_fill = "through";
    std::string intrabar = "pessimistic";
    double slippage_bps = 0;
    double half_spread_bps = 0;
    double impact = 0;
    double participation = 0;
    std::int64_t entry_latency_ns = 0;
    std::int64_t response_latency_ns = 0;
    std::int64_t compute_latency = 0;  // ns, or kMeasuredLatency
  } execution;

  RiskLimits risk;

  struct Metrics {
    double bars_per_year = 0;  // 0: from the interval
    double risk_free_rate = 0.02;
    std::int64_t trials = 1;
  } metrics;

  struct Model {
    std::vector<std::string> path;  // bundles; several: their weighted mean
    std::vector<double> weights;    // one per bundle; empty: all alike
    std::vector<std::string> from;  // times: each bundle speaks from its own on, in place of the one before
    std::string predictor = "auto";
    std::string precision = "fp32";
    std::int64_t threads = 1;
  } model;

  struct Run {
    std::int64_t seed = 1;
    std::string threads = "inline";
    std::int64_t block = 256;
    std::string start;  // a time: bars that close before it only warm up; empty: none do
    std::string out;    // empty: a new folder below runs/; "none": nothing is written
  } run;

  // Where a key was given: "run.toml:7", "--set", "--threads". For messages about what is found wrong late.
  std::map<std::string, std::string> places;
};

// One key: its name "section.key", type, range and meaning, and where its value lives.
struct ConfigKey {
  ParamSpec spec;
  std::function<ParamValue(const RunConfig&)> get;
  std::function<void(RunConfig&, const ParamValue&)> set;
  std::function<bool(const RunConfig&)> is_given = {};  // empty: it always has a value
};

std::span<const ConfigKey> config_keys();

// Reads the file over `config`. Throws BadInput with file:line, key, value and expectation.
void read_config_file(RunConfig& config, const std::filesystem::path& path);

// "section.key=value"; the value as TOML writes it, quotes may be left out. Lists: a,b or ["a", "b"].
void apply_setting(RunConfig& config, std::string_view assignment);

// The same for an option that stands for one key: `place` is what the user typed, "--threads".
void set_key(RunConfig& config, const std::string& name, const ParamValue& value, const std::string& place);

// `error`, with the place in front at which the key it begins with was given.
BadInput with_place(const RunConfig& config, const BadInput& error);

// features.windows as numbers of bars. Throws BadInput for one that is none.
std::vector<std::uint32_t> feature_windows(const RunConfig& config);

// A time that a key holds, ns; `when_empty` for none. Throws BadInput(key, ...).
std::int64_t time_of(const std::string& text, const std::string& key, std::int64_t when_empty);

// Lot size and minimum notional as the config has them.
void set_account_steps(std::span<Instrument> instruments, const RunConfig& config);

// Fills in the strategy's parameters and checks what only makes sense together. Throws BadInput.
void resolve(RunConfig& config);

// The whole config as TOML; reading it back gives the same run.
std::string to_toml(const RunConfig& config);

}  // namespace hftsim
