// What `hftsim model info` says of a bundle.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "models/bundle.h"

namespace hftsim {

// Of all its tensors; 0 where the bundle has none.
std::uint64_t parameter_count(const models::ModelBundle& bundle);

// Everything: metadata as in hftsim.json, tensors with shapes and parameters, sizes, hashes, where it runs.
nlohmann::json model_json(const models::ModelBundle& bundle);

// For people, at most 110 columns wide. The names of the features, each with its mean and scale, where `scaler`.
std::string model_table(const models::ModelBundle& bundle, bool scaler);

}  // namespace hftsim
