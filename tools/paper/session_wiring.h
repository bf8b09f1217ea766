// Strategy, features, models, venue and account of a session, wired together.
#pragma once

#include <memory>
#include <span>

#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/feature_names.h"
#include "engine/runtime/trading_core.h"
#include "tools/backtest_run.h"
#include "tools/paper/trader.h"

namespace hftsim {

struct SessionWiring {
  SessionWiring(const RunConfig& config, std::span<const Instrument> instruments, RunModel& model);
  TradingParts parts() { return {features, inference.get(), core, journal}; }
  RunResult result() const;

  double bars_per_year;
  std::unique_ptr<Strategy> strategy;
  FeatureNames names;
  features::FeatureStage features;
  std::unique_ptr<inference::InferenceStage> inference;
  Journal journal;
  TradingCore core;
};

}  // namespace hftsim
