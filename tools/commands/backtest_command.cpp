// hftsim backtest: replays bars through features, strategy and fills; keeps the run in a folder.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/core/errors.h"
#include "tools/commands/commands.h"
#include "tools/commands/kept_run.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string config_file, config_option;
  std::vector<std::string> data, settings;
  std::optional<std::string> bars, strategy, threads, out;
  std::optional<std::int64_t> block;
  bool json = false, no_report = false, force = false, list_keys = false;
};

constexpr const char* kExamples = R"(Examples:
  hftsim backtest                                         100,000 generated bars, momentum
  hftsim backtest --data BTCUSDT-1m.parquet --out runs/btc
  hftsim backtest --data cache:BTCUSDT/1m                 what `hftsim cache ls` lists; cache:usdm/BTCUSDT/1m
  hftsim backtest --data cache:BTCUSDT/1m@2024-01-01..2024-07-01
  hftsim backtest configs/reference-momentum.toml --set risk.stop_loss=0.01 --set strategy.momentum_threshold=0.001
  hftsim backtest --data day.hfr --bars 1000t --set metrics.bars_per_year=3e6    bars of 1,000 trades each
  hftsim backtest --config runs/today/config.toml --data runs/today/session.hfr   what a session decided, once more
  hftsim backtest --strategy sma_cross --set strategy.fast=10 --set strategy.slow=50 --json)";

void print_keys() {
  for (const ConfigKey& key : config_keys()) {
    fmt::print("{:<32} {:<18} {} ({})\n", key.spec.name, to_text(key.spec.default_value), key.spec.help,
               expectation_of(key.spec));
  }
  fmt::print("strategy.*                       parameters of the strategy: hftsim strategies\n");
}

bool is_toml(const std::string& file) {
  return file.ends_with(".toml");
}

// `--data FILE CONFIG.toml`: the option takes every word that follows, so the config is found among its files.
void take_config_out_of_data(Arguments& arguments) {
  const auto config = std::ranges::find_if(arguments.data, is_toml);
  if (config == arguments.data.end()) return;
  if (!arguments.config_file.empty()) {
    throw BadInput("--data", *config, "files of bars; the config is " + arguments.config_file + " already");
  }
  arguments.config_file = *config;
  arguments.data.erase(config);
}

void take_config_option(Arguments& arguments) {
  if (arguments.config_option.empty()) return;
  if (!arguments.config_file.empty()) {
    throw BadInput("--config", arguments.config_option,
                   "one config; there is " + arguments.config_file + " already");
  }
  arguments.config_file = arguments.config_option;
}

RunConfig config_of(Arguments arguments) {
  take_config_out_of_data(arguments);
  take_config_option(arguments);
  RunConfig config;
  if (!arguments.config_file.empty()) read_config_file(config, arguments.config_file);
  for (const std::string& setting : arguments.settings) apply_setting(config, setting);
  if (!arguments.data.empty()) set_key(config, "data.path", arguments.data, "--data");
  if (arguments.bars) set_key(config, "data.trade_bars", *arguments.bars, "--bars");
  if (arguments.bars == "") throw BadInput("--bars", "''", "1m, 1000t, 50v or 1e6d");
  if (arguments.strategy) set_key(config, "strategy.name", *arguments.strategy, "--strategy");
  if (arguments.threads) set_key(config, "run.threads", *arguments.threads, "--threads");
  if (arguments.block) set_key(config, "run.block", *arguments.block, "--block");
  if (arguments.out) set_key(config, "run.out", *arguments.out, "--out");
  if (arguments.out == "") throw BadInput("--out", "''", "a folder, or none");
  resolve(config);
  return config;
}

void backtest(const Arguments& arguments) {
  if (arguments.list_keys) return print_keys();
  run_and_keep(config_of(arguments), {arguments.json, !arguments.no_report, arguments.force});
}

}  // namespace

void add_backtest_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("backtest", "Replay bars through features, strategy and fills");
  command->footer(kExamples);
  command->add_option("config", arguments->config_file, "TOML file; keys as in --keys");
  command->add_option("--config", arguments->config_option, "The same, as an option");
  command->add_option("--data", arguments->data,
                      "Parquet or CSV files of bars, recordings (.hfr), cache:SYMBOL/INTERVAL, or generated");
  command->add_option(
      "--bars", arguments->bars,
      "Bars made of a recording's trades: 1m (time), 1000t (trades), 50v (base units), 1e6d (quote "
      "units; 1d to 400d are days)");
  command->add_option("--strategy", arguments->strategy, "Name of the strategy: hftsim strategies");
  command->add_option("--set", arguments->settings, "section.key=value, over the file; repeatable")
      ->allow_extra_args(false);
  command->add_option("--threads", arguments->threads, "inline or pipelined");
  command->add_option("--block", arguments->block, "Events per block");
  command->add_option("--out", arguments->out,
                      "Run directory (default: a new one below runs/; none: write nothing)");
  command->add_flag("--json", arguments->json, "Print the summary alone, as JSON");
  command->add_flag("--no-report", arguments->no_report, "Do not write report.html");
  command->add_flag("--force", arguments->force, "Replace the run that is in --out");
  command->add_flag("--keys", arguments->list_keys, "List the config's keys and their defaults");
  command->callback([arguments] { backtest(*arguments); });
}

}  // namespace hftsim
