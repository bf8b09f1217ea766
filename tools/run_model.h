// The models of a run: read from their bundles, checked against what the run computes, made into its inference
// stage, and described for its summary.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/bus/worker_pool.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/feature_names.h"
#include "models/loaded_model.h"
#include "tools/run_config.h"

namespace hftsim {

// How a session's rows come: many at a time, or one by one, where what comes next is waited for. Native models say
// the same either way, to the bit.
enum class Feeding : std::uint8_t { blocks, live };

class RunModel {
 public:
  // Reads the bundles that model.path names; none: there is no model. Throws BadInput for one that cannot be
  // read, run as the config wants it, or does not fit the run's features.
  explicit RunModel(const RunConfig& config);

  bool empty() const { return models_.empty(); }
  // All of them run natively; so do none.
  bool is_native() const;

  // Every input of every model, each once.
  std::vector<std::string> features() const;

  // Null without a model. `names` are the run's features, with features() among them. The models have to outlive
  // the stage.
  std::unique_ptr<inference::InferenceStage> make_stage(const FeatureNames& names, std::size_t instruments,
                                                        std::uint32_t block_events,
                                                        Feeding feeding = Feeding::blocks);

  // What a live bar of one instrument meets at any time: of models that take turns, one.
  std::unique_ptr<inference::InferenceStage> make_live_stage(const FeatureNames& names);

  std::span<const models::LoadedModel> models() const { return models_; }
  double weight(std::size_t model) const { return weights_[model]; }  // as a share of 1

 private:
  std::unique_ptr<inference::InferenceStage> stage(std::vector<inference::StageMember> members,
                                                   std::size_t instruments, std::uint32_t block_events,
                                                   Feeding feeding);
  void check_blind(std::size_t model) const;
  inference::StageMember member(std::size_t model, const FeatureNames& names) const;

  std::vector<models::LoadedModel> models_;
  std::vector<double> weights_;
  std::vector<std::int64_t> from_ns_;  // one per model, or none
  std::unique_ptr<Executor> executor_;
  std::int64_t start_ns_ = INT64_MIN;
};

}  // namespace hftsim
