#include "tools/commands/kept_run.h"

#include <fmt/format.h>

#include "engine/core/errors.h"
#include "replay/equity_file.h"
#include "tools/cache_data.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/compute_latency.h"
#include "tools/progress_bar.h"
#include "tools/report_data.h"
#include "tools/run_tables.h"

namespace hftsim {
namespace {

std::string absolute_path(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

// The config as a run keeps it: it reruns the run from any folder, into a new one.
RunConfig to_rerun(RunConfig config) {
  for (std::string& path : config.data.path) {
    if (path != kGeneratedData && !names_cache(path)) path = absolute_path(path);
  }
  for (std::string& path : config.model.path) path = absolute_path(path);
  config.run.out.clear();
  return config;
}

std::filesystem::path folder_of(const RunConfig& config) {
  if (!config.run.out.empty()) return config.run.out;
  return RunDirectory::next_free(config.strategy.name, stem_of_data(config.data.path.front()));
}

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

void print_result(const KeepOptions& options, const Json& summary, const RunKeeper* kept, bool has_report) {
  if (options.json) {
    fmt::print("{}\n", summary.dump(2));
    return;
  }
  fmt::print("{}", summary_table(summary));
  if (kept == nullptr) return;
  fmt::print("  {:<22}{}\n", "run", kept->directory().path().string());
  if (has_report) fmt::print("  {:<22}{}\n", "report", kept->directory().report().string());
}

void end_with(const RunResult& result, bool kept) {
  const std::string what = result.failure + "\n  the run up to there " +
                           (kept ? "was kept and is marked partial" : "is summed up and marked partial");
  if (result.bad_input) throw BadInput(what);
  if (!result.failure.empty()) throw IoFailure(what);
  if (result.partial()) throw CommandFailed();
}

// What is to be settled before the run is settled in its config, so that it repeats.
void settle(RunConfig& config, RunModel& model) {
  if (config.execution.compute_latency != kMeasuredLatency) return;
  config.execution.compute_latency = measured_compute_latency_ns(config, model);
}

}  // namespace

RunModel model_of(const RunConfig& config) {
  try {
    return RunModel(config);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

RunKeeper::RunKeeper(const RunConfig& config, bool force) : run_(folder_of(config), force) {
  keep_config(config);
  journal_.emplace(run_.journal());
}

void RunKeeper::keep_config(const RunConfig& config) {
  write_text_file(run_.config(), to_toml(to_rerun(config)));
}

void RunKeeper::keep_tables(const RunConfig& config, const RunData& data, EquitySeries& equity) {
  journal_->close();
  TradeReader trades(run_.journal(), Money(config.account.initial_capital), data.instruments());
  write_trades(run_.trades(), trades, data.instruments());
  write_equity(run_.equity(), equity);
  write_candles(run_.candles(), data.candles());
}

void RunKeeper::keep_summary(const Json& summary) {
  write_text_file(run_.summary(), summary.dump(2) + "\n");
}

void run_and_keep(RunConfig config, const KeepOptions& options, std::unique_ptr<RunKeeper> kept) {
  RunData data(config);
  RunModel model = model_of(config);
  settle(config, model);
  Backtest run(config, data, model);
  data.read_first_bars();
  if (kept) {
    kept->keep_config(config);
  } else if (config.run.out != "none") {
    kept = std::make_unique<RunKeeper>(config, options.force);
  }
  if (kept) data.sample_candles();
  EquityMemory equity(EquityMemory::kMarksInMemoryDefault,
                      kept ? kept->directory().path() : std::filesystem::temp_directory_path());

  const RunResult result =
      run_with_progress(run, data.size_hint(), kept ? &kept->journal() : nullptr, equity);
  const Json summary = summed_up(config, data, model, result, equity, kept.get());
  const bool wants_report = kept && options.report;
  const std::string report_failure = wants_report ? failure_of_report(kept->directory()) : "";
  print_result(options, summary, kept.get(), wants_report && report_failure.empty());
  if (!report_failure.empty()) fmt::print(stderr, "hftsim: {}\n", report_failure);
  end_with(result, kept != nullptr);
  if (!report_failure.empty()) throw CommandFailed();
}

}  // namespace hftsim
