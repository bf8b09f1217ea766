#include "tools/backtest_run.h"

#include <algorithm>
#include <cmath>

#include "engine/core/errors.h"
#include "engine/execution/bar_venue.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_stage.h"
#include "engine/runtime/feature_names.h"
#include "engine/runtime/trading_core.h"
#include "strategies/registry.h"
#include "tools/bars_per_year.h"
#include "tools/run_features.h"

namespace hftsim {
namespace {

BarVenueConfig venue_config(const RunConfig& config) {
  const auto& e = config.execution;
  BarVenueConfig venue;
  venue.fill = parse_fill_rule(e.fill);
  venue.limit_fill = parse_limit_fill(e.limit_fill);
  venue.intrabar = parse_intrabar_rule(e.intrabar);
  venue.slippage_bps = e.slippage_bps;
  venue.half_spread_bps = e.half_spread_bps;
  venue.impact = e.impact;
  venue.participation = e.participation;
  venue.fees.maker_fee = config.account.maker_fee.value_or(config.account.fee_rate);
  venue.fees.taker_fee = config.account.taker_fee.value_or(config.account.fee_rate);
  return venue;
}

SizerConfig sizer_config(const RunConfig& config) {
  SizerConfig sizer;
  sizer.name = config.account.sizer;
  sizer.position_size = config.account.position_size;
  sizer.max_position = config.account.max_position;
  sizer.quantity = Quantity(config.account.quantity);
  sizer.volatility_limit = config.risk.volatility_limit;
  sizer.kelly_multiple = config.account.kelly_multiple;
  return sizer;
}

LatencyModel latency_of(const RunConfig& config) {
  return {Duration(config.execution.compute_latency), Duration(config.execution.entry_latency_ns),
          Duration(config.execution.response_latency_ns)};
}

TradingConfig trading_config(const RunConfig& config, const FeatureNames& names, double bars_per_year) {
  TradingConfig trading;
  trading.initial_capital = Money(config.account.initial_capital);
  trading.start = Timestamp(time_of(config.run.start, "run.start", INT64_MIN));
  trading.desk = {latency_of(config), config.account.allow_short, config.account.brackets};
  trading.risk = config.risk;
  // That sizer scales down what the gate would refuse.
  if (config.account.sizer == "volatility_target") trading.risk.volatility_limit = 0;
  trading.sizer = sizer_config(config);
  if (needs_volatility(config)) trading.volatility_slot = names.slot(kVolatilityFeature);
  trading.volatility_annual_factor = std::sqrt(bars_per_year);
  return trading;
}

PipelineOptions pipeline_options(const RunConfig& config, const RunSinks& sinks) {
  PipelineOptions options;
  options.threads = config.run.threads == "pipelined" ? ThreadMode::pipelined : ThreadMode::run_inline;
  options.block_events = static_cast<std::uint32_t>(config.run.block);
  options.inference_threads = static_cast<unsigned>(config.model.threads);
  options.cancel = sinks.cancel;
  options.on_progress = sinks.on_progress;
  return options;
}

void fill_in(RunResult& result, const TradingCore& core, const Journal& journal) {
  const Account& account = core.account();
  result.counters = core.counters();
  result.round_trips = core.round_trips();
  result.initial = account.initial();
  result.final_equity = account.equity();
  result.realized = account.realized();
  result.fees = account.fees();
  result.turnover = account.turnover();
  result.journal_hash = journal.hash_hex();
}

std::optional<ModelUse> use_of(const inference::InferenceStage* stage) {
  if (stage == nullptr) return std::nullopt;
  return ModelUse{stage->predictions(),
                  stage->predictions_in_training(),
                  stage->predictions_in_validation(),
                  stage->lowest(),
                  stage->highest(),
                  stage->replaced_inputs()};
}

// Strategies, sizers and models name features there are, so a wrong one is of the config's list.
features::FeatureStage feature_stage(const RunConfig& config, const FeatureNames& names,
                                     const RunData& data) {
  try {
    return {names.names(), data.instruments(), static_cast<std::uint32_t>(config.run.block)};
  } catch (const BadInput& error) {
    throw BadInput(std::string("features.list: ") + error.what());
  }
}

// Data name the row themselves.
std::string failure_of(const Pipeline& pipeline, const std::exception& error) {
  if (!pipeline.inference_failed()) return error.what();
  return "the model failed behind bar " + std::to_string(pipeline.stats().events) + ": " + error.what();
}

Strategy& started(Strategy& strategy, const FeatureNames& names, std::span<const Instrument> instruments) {
  strategy.start(names, instruments);
  return strategy;
}

}  // namespace

// Strategy, features, venue and account of one run, wired together.
struct Backtest::Wiring {
  Wiring(const RunConfig& config, const RunData& data, RunModel& model)
      : bars_per_year(config.metrics.bars_per_year > 0 ? config.metrics.bars_per_year
                                                       : hftsim::bars_per_year(data.instruments())),
        strategy(make_strategy(config.strategy.name, config.strategy.params)),
        names(features_of(config, model, *strategy)),
        features(feature_stage(config, names, data)),
        inference(
            model.make_stage(names, data.instruments().size(), static_cast<std::uint32_t>(config.run.block))),
        core(
            trading_config(config, names, bars_per_year), data.instruments(),
            started(*strategy, names, data.instruments()),
            [&](VenueLedger& ledger) {
              return std::make_unique<BarVenue>(venue_config(config), latency_of(config), data.instruments(),
                                                ledger);
            },
            journal) {}

  double bars_per_year;
  std::unique_ptr<Strategy> strategy;
  FeatureNames names;
  features::FeatureStage features;
  std::unique_ptr<inference::InferenceStage> inference;
  Journal journal;
  TradingCore core;
};

Backtest::Backtest(const RunConfig& config, RunData& data, RunModel& model) : config_(config), data_(data) {
  try {
    wiring_ = std::make_unique<Wiring>(config, data, model);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

Backtest::~Backtest() = default;

RunResult Backtest::run(const RunSinks& sinks) {
  Wiring& run = *wiring_;
  RunResult result;
  result.bars_per_year = run.bars_per_year;
  result.features = run.names.names();
  HaltWatch watch(sinks.journal);
  run.journal.write_to(&watch, sinks.equity);
  Pipeline pipeline(data_, run.features, run.inference.get(), run.core,
                    static_cast<std::uint32_t>(result.features.size()), pipeline_options(config_, sinks));
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
  fill_in(result, run.core, run.journal);
  result.model = use_of(run.inference.get());
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
