#include "tools/run_wiring.h"

#include <cmath>
#include <string>

#include "engine/core/errors.h"
#include "engine/execution/bar_venue.h"
#include "engine/execution/tick_venue.h"
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

std::unique_ptr<Venue> make_venue(const RunConfig& config, std::span<const Instrument> instruments,
                                  VenueLedger& ledger) {
  if (config.execution.venue == "bars") {
    return std::make_unique<BarVenue>(venue_config(config), latency_of(config), instruments, ledger);
  }
  return std::make_unique<TickVenue>(venue_config(config), parse_fill_on(config.execution.fill_on),
                                     latency_of(config), instruments, ledger);
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
                                     std::span<const Instrument> instruments) {
  try {
    return {names.names(), instruments, static_cast<std::uint32_t>(config.run.block)};
  } catch (const BadInput& error) {
    throw BadInput(std::string("features.list: ") + error.what());
  }
}

Strategy& started(Strategy& strategy, const FeatureNames& names, std::span<const Instrument> instruments) {
  strategy.start(names, instruments);
  return strategy;
}

}  // namespace

RunWiring::RunWiring(const RunConfig& config, std::span<const Instrument> instruments, RunModel& model,
                     Feeding feeding)
    : bars_per_year(config.metrics.bars_per_year > 0 ? config.metrics.bars_per_year
                                                     : hftsim::bars_per_year(instruments)),
      strategy(make_strategy(config.strategy.name, config.strategy.params)),
      names(features_of(config, model, *strategy)),
      features(feature_stage(config, names, instruments)),
      inference(
          model.make_stage(names, instruments.size(), static_cast<std::uint32_t>(config.run.block), feeding)),
      core(
          trading_config(config, names, bars_per_year), instruments, started(*strategy, names, instruments),
          [&](VenueLedger& ledger) { return make_venue(config, instruments, ledger); }, journal) {}

void RunWiring::fill_in(RunResult& result) const {
  const Account& account = core.account();
  result.bars_per_year = bars_per_year;
  result.features = names.names();
  result.counters = core.counters();
  result.round_trips = core.round_trips();
  result.initial = account.initial();
  result.final_equity = account.equity();
  result.realized = account.realized();
  result.fees = account.fees();
  result.turnover = account.turnover();
  result.journal_hash = journal.hash_hex();
  result.model = use_of(inference.get());
}

}  // namespace hftsim
