// What lower precisions of a model cost and save: each one's size, time per prediction, and how far its
// probabilities and decisions are from float32's, on bars that chose the model's epoch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/bundle.h"
#include "models/training/evaluation.h"
#include "tools/bar_features.h"

namespace hftsim {

// Scaled inputs of neighbouring windows, as WindowModel takes them.
struct WindowInputs {
  std::vector<float> rows;
  std::vector<float> labels;  // what came: 1 where the close rose over the model's horizon
  std::size_t windows = 0;
};

// The windows that end on bars that chose the bundle's epoch and whose outcome is known; on the last fifth of the rows where the bundle does
// not say which those are. Throws BadInput where `rows` have none.
WindowInputs validation_windows(const BarFeatures& rows, const models::BundleMetadata& metadata);

struct PrecisionRow {
  std::string name;                                         // "torch fp32", "native int8"
  std::uint64_t size_bytes = 0;                             // torch: of the file; native: of the weights
  std::string refusal;                                      // why it does not run; the figures are 0 then
  double us_per_prediction = 0, us_least = 0, us_most = 0;  // median and range of the interleaved rounds
  double drift_max = 0, drift_mean = 0;                     // of the probability, from the first row's
  models::Evaluation validation;
  std::uint64_t sides_changed = 0;  // on the other side of 0.5
  std::uint64_t votes_changed = 0;  // beyond `threshold` or below 1 - it, or no more
};

// float32 in torch first, then the quantised file, then the native precisions. One thread.
std::vector<PrecisionRow> compare_precisions(const models::ModelBundle& bundle,
                                             const std::filesystem::path& quantized,
                                             const WindowInputs& inputs, double threshold);

}  // namespace hftsim
