// From feature rows to a bundle: split, train, evaluate, save. What `hftsim train` does once and `hftsim
// walkforward` per fold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/bundle.h"
#include "models/training/evaluation.h"
#include "models/training/trainer.h"
#include "tools/bar_features.h"

namespace hftsim {

struct TrainingOptions {
  std::string architecture = "PriceLSTM";
  models::TrainingSetOptions set;
  models::TrainerOptions trainer;
  double learning_rate = 0.001;
  std::string device = "auto";
  unsigned threads = 1;
  std::vector<std::uint32_t> windows;  // of the default features, kept in the bundle
};

struct TrainedModel {
  models::TrainingResult result;
  models::Evaluation validation;
  models::BundleMetadata metadata;
  std::string device;
  std::uint64_t training_rises = 0, training_windows = 0;
  std::vector<std::string> non_finite;  // "obv: 3 values", features whose values were replaced
};

// Trains on rows [first, last) of `rows`, the end of which is for validation, and writes the bundle to `out`.
// Nothing is written where no epoch ended. Throws BadInput as make_training_set and the plugin do;
// IoFailure where memory ran out, with what to lower.
TrainedModel train_model(const BarFeatures& rows, std::size_t first, std::size_t last,
                         const TrainingOptions& options, const std::filesystem::path& out,
                         const models::TrainingObserver& observer);

}  // namespace hftsim
