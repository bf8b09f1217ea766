// Feature rows as a bundle's model takes them.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/inference/input_scaler.h"
#include "models/bundle.h"
#include "tools/bar_features.h"

namespace hftsim {

inference::InputScaler scaler_of(const models::BundleMetadata& metadata);

// Rows [first, last) scaled, row-major (rows, features); `rows` has the model's features in its order.
std::vector<float> scaled_inputs(const BarFeatures& rows, std::size_t first, std::size_t last,
                                 const models::BundleMetadata& metadata);

}  // namespace hftsim
