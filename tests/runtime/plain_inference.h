// A run with a model, without any trained one: PlainModel on three features, in windows of 60 bars.
#pragma once

#include "engine/bus/worker_pool.h"
#include "engine/inference/window_batcher.h"
#include "tests/inference/plain_model.h"
#include "tests/runtime/run_bench.h"

namespace hftsim::test {

inline constexpr const char* kPlainInputs[] = {"dist_sma_20", "volatility_5", "return_10"};
inline constexpr std::uint32_t kPlainLookback = 60;

// `executor` has to outlive the runs.
inline void with_plain_model(RunSetup& setup, Executor& executor) {
  for (const char* name : kPlainInputs) setup.features += std::string(",") + name;
  setup.make_inference = [&executor](const FeatureNames& names, std::size_t instruments,
                                     std::uint32_t block_events) {
    const auto model =
        std::make_shared<PlainModel>(kPlainLookback, static_cast<std::uint32_t>(std::size(kPlainInputs)), 32);
    inference::StageMember member;
    for (const char* name : kPlainInputs) {
      member.slots.push_back(names.slot(name));
      member.scaler.mean.push_back(0);
      member.scaler.scale.push_back(0.01);
    }
    for (std::size_t i = 0; i < instruments; ++i) {
      member.predictors.push_back(std::make_unique<inference::WindowBatcher>(model, executor, block_events));
    }
    std::vector<inference::StageMember> members;
    members.push_back(std::move(member));
    return std::make_unique<inference::InferenceStage>(std::move(members), instruments, block_events);
  };
}

inline Executor& calling_thread() {
  static Executor alone;
  return alone;
}

}  // namespace hftsim::test
