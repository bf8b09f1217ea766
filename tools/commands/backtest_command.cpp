// hftsim backtest: replays bars through features, strategy and fills; keeps the run in a folder.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/core/errors.h"
#include "replay/equity_file.h"
#include "replay/journal_file.h"
#include "tools/backtest_run.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/compute_latency.h"
#include "tools/progress_bar.h"
#include "tools/report_data.h"
#include "tools/run_directory.h"
#include "tools/run_tables.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string config_file;
  std::vector<std::string> data, settings;
  std::optional<std::string> strategy, threads, out;
  std::optional<std::int64_t> block;
  bool json = false, no_report = false, force = false, list_keys = false;
};

constexpr const char* kExamples = R"(Examples:
  hftsim backtest                                         100,000 generated bars, momentum
  hftsim backtest --data BTCUSDT-1m.parquet --out runs/btc
  hftsim backtest configs/reference-momentum.toml --set risk.stop_loss=0.01 --set strategy.momentum_threshold=0.001
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

std::string absolute_path(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

// The config as a run keeps it: it reruns the run from any folder, into a new one.
RunConfig to_rerun(RunConfig config) {
  for (std::string& path : config.data.path) {
    if (path != kGeneratedData) path = absolute_path(path);
  }
  for (std::string& path : config.model.path) path = absolute_path(path);
  config.run.out.clear();
  return config;
}

RunConfig config_of(Arguments arguments) {
  take_config_out_of_data(arguments);
  RunConfig config;
  if (!arguments.config_file.empty()) read_config_file(config, arguments.config_file);
  for (const std::string& setting : arguments.settings) apply_setting(config, setting);
  if (!arguments.data.empty()) set_key(config, "data.path", arguments.data, "--data");
  if (arguments.strategy) set_key(config, "strategy.name", *arguments.strategy, "--strategy");
  if (arguments.threads) set_key(config, "run.threads", *arguments.threads, "--threads");
  if (arguments.block) set_key(config, "run.block", *arguments.block, "--block");
  if (arguments.out) set_key(config, "run.out", *arguments.out, "--out");
  if (arguments.out == "") throw BadInput("--out", "''", "a folder, or none");
  resolve(config);
  return config;
}

// What is kept of a run while it goes and after it ended.
class RunKeeper {
 public:
  RunKeeper(const RunConfig& config, bool force) : run_(path_of(config), force) {
    write_text_file(run_.config(), to_toml(to_rerun(config)));
    journal_.emplace(run_.journal());
  }

  JournalSink& journal() { return *journal_; }
  const RunDirectory& directory() const { return run_; }

  void keep_tables(const RunConfig& config, const RunData& data, EquitySeries& equity) {
    journal_->close();
    TradeReader trades(run_.journal(), Money(config.account.initial_capital), data.instruments());
    write_trades(run_.trades(), trades, data.instruments());
    write_equity(run_.equity(), equity);
    write_candles(run_.candles(), data.candles());
  }

  void keep_summary(const Json& summary) { write_text_file(run_.summary(), summary.dump(2) + "\n"); }

 private:
  static std::filesystem::path path_of(const RunConfig& config) {
    if (!config.run.out.empty()) return config.run.out;
    return RunDirectory::next_free(config.strategy.name, config.data.path.front());
  }

  RunDirectory run_;
  std::optional<JournalFile> journal_;
};

RunResult run_with_progress(Backtest& run, std::uint64_t bars, JournalSink* journal, EquitySink& equity) {
  ProgressBar bar("backtest", "bars", bars);
  RunSinks sinks;
  sinks.journal = journal;
  sinks.equity = &equity;
  sinks.cancel = &interrupt_requested;  // the run ends after the current block
  sinks.on_progress = [&bar](std::uint64_t events) {
    bar.update(events);
  };
  catch_interrupts();
  return run.run(sinks);
}

RunModel model_of(const RunConfig& config) {
  try {
    return RunModel(config);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

// Keeps tables and summary where there is a keeper.
Json summed_up(const RunConfig& config, const RunData& data, const RunModel& model, const RunResult& result,
               EquitySeries& equity, RunKeeper* kept) {
  const Metrics metrics = metrics_of(config, result, equity);
  if (kept != nullptr) kept->keep_tables(config, data, equity);
  Json summary =
      make_summary(config, data, model, result, metrics, equity);  // last: it says how much memory was used
  if (kept != nullptr) kept->keep_summary(summary);
  return summary;
}

// What kept report.html from being written; "" where nothing did. The run is whole without it.
std::string failure_of_report(const RunDirectory& run) {
  try {
    write_report(run);
    return "";
  } catch (const IoFailure& error) {
    return error.what();
  }
}

void print_result(const Arguments& arguments, const Json& summary, const RunKeeper* kept, bool has_report) {
  if (arguments.json) {
    fmt::print("{}\n", summary.dump(2));
    return;
  }
  fmt::print("{}", summary_table(summary));
  if (kept == nullptr) return;
  fmt::print("  {:<22}{}\n", "run", kept->directory().path().string());
  if (has_report) fmt::print("  {:<22}{}\n", "report", kept->directory().report().string());
}

void end_with(const RunResult& result, bool kept) {
  if (result.bad_input)
    throw BadInput(result.failure + "\n  the run up to there " +
                   (kept ? "was kept and is marked partial" : "is summed up and marked partial"));
  if (result.partial()) throw CommandFailed();
}

void backtest(const Arguments& arguments) {
  if (arguments.list_keys) return print_keys();
  RunConfig config = config_of(arguments);
  RunData data(config);
  RunModel model = model_of(config);
  if (config.execution.compute_latency == kMeasuredLatency) {
    config.execution.compute_latency = measured_compute_latency_ns(config, model);
  }
  Backtest run(config, data, model);
  data.read_first_bars();
  std::unique_ptr<RunKeeper> kept;
  if (config.run.out != "none") kept = std::make_unique<RunKeeper>(config, arguments.force);
  if (kept) data.sample_candles();
  EquityMemory equity(EquityMemory::kMarksInMemoryDefault,
                      kept ? kept->directory().path() : std::filesystem::temp_directory_path());

  const RunResult result =
      run_with_progress(run, data.size_hint(), kept ? &kept->journal() : nullptr, equity);
  const Json summary = summed_up(config, data, model, result, equity, kept.get());
  const bool wants_report = kept && !arguments.no_report;
  const std::string report_failure = wants_report ? failure_of_report(kept->directory()) : "";
  print_result(arguments, summary, kept.get(), wants_report && report_failure.empty());
  if (!report_failure.empty()) fmt::print(stderr, "hftsim: {}\n", report_failure);
  end_with(result, kept != nullptr);
  if (!report_failure.empty()) throw CommandFailed();
}

}  // namespace

void add_backtest_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("backtest", "Replay bars through features, strategy and fills");
  command->footer(kExamples);
  command->add_option("config", arguments->config_file, "TOML file; keys as in --keys");
  command->add_option("--data", arguments->data, "Parquet or CSV files of bars, or generated");
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
