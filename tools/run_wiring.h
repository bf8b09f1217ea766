// Strategy, features, models, venue and account of a run, live or not, wired together as its config says.
#pragma once

#include <memory>
#include <span>

#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/feature_names.h"
#include "engine/runtime/trading_core.h"
#include "tools/run_config.h"
#include "tools/run_model.h"
#include "tools/run_result.h"

namespace hftsim {

struct RunWiring {
  // Throws BadInput where the run cannot begin. The instruments and the model have to outlive it.
  RunWiring(const RunConfig& config, std::span<const Instrument> instruments, RunModel& model,
            Feeding feeding = Feeding::blocks);

  // What account, journal and models say; after the journal's end.
  void fill_in(RunResult& result) const;

  double bars_per_year;
  std::unique_ptr<Strategy> strategy;
  FeatureNames names;
  features::FeatureStage features;
  std::unique_ptr<inference::InferenceStage> inference;  // null without a model
  Journal journal;
  TradingCore core;
};

}  // namespace hftsim
