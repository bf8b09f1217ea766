#include "tools/backtest_run.h"

#include <algorithm>

#include "engine/core/errors.h"
#include "tools/run_wiring.h"

namespace hftsim {
namespace {

PipelineOptions pipeline_options(const RunConfig& config, const RunSinks& sinks) {
  PipelineOptions options;
  options.threads = config.run.threads == "pipelined" ? ThreadMode::pipelined : ThreadMode::run_inline;
  options.block_events = static_cast<std::uint32_t>(config.run.block);
  options.inference_threads = static_cast<unsigned>(config.model.threads);
  options.cancel = sinks.cancel;
  options.on_progress = sinks.on_progress;
  return options;
}

// Data name the row themselves.
std::string failure_of(const Pipeline& pipeline, const std::exception& error) {
  if (!pipeline.inference_failed()) return error.what();
  return "the model failed behind bar " + std::to_string(pipeline.stats().events) + ": " + error.what();
}

}  // namespace

Backtest::Backtest(const RunConfig& config, RunData& data, RunModel& model) : config_(config), data_(data) {
  try {
    wiring_ = std::make_unique<RunWiring>(config, data.instruments(), model);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

Backtest::~Backtest() = default;

RunResult Backtest::run(const RunSinks& sinks) {
  RunWiring& run = *wiring_;
  RunResult result;
  HaltWatch watch(sinks.journal);
  run.journal.write_to(&watch, sinks.equity);
  Pipeline pipeline(data_, run.features, run.inference.get(), run.core,
                    static_cast<std::uint32_t>(run.names.names().size()), pipeline_options(config_, sinks));
  try {
    pipeline.run();
  } catch (const BadInput& error) {
    result.failure = failure_of(pipeline, error);
    result.bad_input = true;
  } catch (const IoFailure& error) {
    if (!pipeline.inference_failed()) throw;
    result.failure = failure_of(pipeline, error);
  }
  result.pipeline = pipeline.stats();
  run.core.finish(result.partial());
  run.fill_in(result);
  result.halt = watch.halt();
  return result;
}

Metrics metrics_of(const RunConfig& config, const RunResult& result, EquitySeries& equity) {
  MetricsInputs inputs;
  inputs.bars_per_year = result.bars_per_year;
  inputs.risk_free = config.metrics.risk_free_rate;
  inputs.initial_capital = Money(config.account.initial_capital);
  inputs.trials = static_cast<std::uint64_t>(config.metrics.trials);
  inputs.fees = result.fees;
  inputs.realized = result.realized;
  inputs.turnover = result.turnover;
  inputs.fills = result.counters.trades;
  inputs.round_trips = &result.round_trips;
  return compute_metrics(equity, inputs);
}

}  // namespace hftsim
