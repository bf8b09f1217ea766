// Whether a run computes what a model was trained on: the same features, in the same order, of the same windows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/bundle.h"

namespace hftsim::models {

// Slots of the bundle's features in the run's row: input k of the model is column slots[k].
//
// `run_features` are the run's, in the order of its row; `run_windows` those that the user's config names, empty
// where it names none; `place` is the bundle's name in messages. Throws BadInput: a feature that no catalog
// knows or the run does not compute, other windows, an order that differs, a scaler of another length, a
// lookback out of range.
std::vector<std::uint32_t> check_features(const BundleMetadata& metadata,
                                          std::span<const std::string> run_features,
                                          std::span<const std::uint32_t> run_windows,
                                          const std::string& place);

}  // namespace hftsim::models
