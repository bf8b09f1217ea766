// TorchScript as a WindowModel: frozen, without gradients, over strided views of the caller's rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/inference/window_model.h"

namespace hftsim::models {

// From a bundle's bytes, `name` its file. Throws BadInput where they are not TorchScript, or does not answer (batch, lookback, features) float32 with
// one probability per window: (batch) or (batch, 1), each in 0..1.
std::unique_ptr<inference::WindowModel> load_window_model(const std::string& bytes, const std::string& name,
                                                          std::uint32_t lookback, std::uint32_t features,
                                                          unsigned threads);

}  // namespace hftsim::models
