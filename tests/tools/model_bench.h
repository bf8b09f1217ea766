// What models say of a run's bars, one number per bar, by the way a backtest goes: data, features, inference.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/features/feature_stage.h"
#include "strategies/registry.h"
#include "tools/run_data.h"
#include "tools/run_features.h"
#include "tools/run_model.h"

namespace hftsim::test {

inline RunConfig model_config(const std::string& data, const std::vector<std::string>& models,
                              const std::string& predictor) {
  RunConfig config;
  config.data.path = {data};
  config.model.path = models;
  config.model.predictor = predictor;
  config.features.list = {"none"};
  resolve(config);
  return config;
}

// NaN: no prediction. `live`: row by row, as a session has it.
inline std::vector<double> predictions_of(const RunConfig& config, bool live = false) {
  RunData data(config);
  RunModel model(config);
  const auto strategy = make_strategy(config.strategy.name, config.strategy.params);
  const FeatureNames names(features_of(config, model, *strategy));
  const auto capacity = live ? 1U : static_cast<std::uint32_t>(config.run.block);
  const auto width = static_cast<std::uint32_t>(names.names().size());
  features::FeatureStage features(names.names(), data.instruments(), capacity);
  const auto stage = live ? model.make_live_stage(names) : model.make_stage(names, 1, capacity);
  Arena arena(BlockPool::bytes_needed(1, capacity, width));
  BlockPool pool(arena, 1, capacity, width);
  Block& block = pool[0];
  std::vector<Event> events(capacity);
  std::vector<double> all;
  while (const std::size_t count = data.read(events)) {
    block.events = std::span<const Event>(events).first(count);
    block.size = static_cast<std::uint32_t>(count);
    features.process(block);
    stage->process(block);
    while (live && stage->advance()) {
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t row = block.row_of[i];
      all.push_back(row == kNoRow ? std::numeric_limits<double>::quiet_NaN() : block.predictions[row]);
    }
  }
  return all;
}

inline std::size_t count_of(const std::vector<double>& predictions) {
  std::size_t count = 0;
  for (const double p : predictions) count += std::isnan(p) ? 0 : 1;
  return count;
}

// Of bars on which both or neither say something; infinite where one of them alone does.
inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) return std::numeric_limits<double>::infinity();
    if (!std::isnan(a[i])) largest = std::max(largest, std::fabs(a[i] - b[i]));
  }
  return largest;
}

}  // namespace hftsim::test

// The program finds the plugin beside itself; a test has to be told.
#define HFTSIM_NEED_TORCH()                                                           \
  if (!std::filesystem::exists(HFTSIM_TORCH_PLUGIN_FILE)) {                           \
    GTEST_SKIP() << "the torch plugin is absent (built where libtorch-dev is there)"; \
  }                                                                                   \
  ::setenv("HFTSIM_TORCH_PLUGIN", HFTSIM_TORCH_PLUGIN_FILE, 1)
