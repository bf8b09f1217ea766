// TorchScript as a WindowModel: frozen, without gradients, over strided views of the caller's rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/inference/window_model.h"

namespace hftsim::models {

// Throws BadInput where the file is not TorchScript, or does not answer (batch, lookback, features) float32 with
// one probability per window: (batch) or (batch, 1), each in 0..1.
std::unique_ptr<inference::WindowModel> load_window_model(const std::string& path, std::uint32_t lookback,
                                                          std::uint32_t features, unsigned threads);

}  // namespace hftsim::models
