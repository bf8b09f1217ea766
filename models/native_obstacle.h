// Which bundles run without torch: those of a PriceLSTM, two LSTM layers of 64 over the window, the last step
// through 64 -> 32, ReLU, 32 -> 1, sigmoid.
#pragma once

#include <string>

#include "models/bundle.h"

namespace hftsim::models {

// Why a bundle's model is for torch alone: another architecture, quantised, no weights, a tensor that is
// missing, there in excess or of another shape. "" where it runs natively.
std::string native_obstacle(const ModelBundle& bundle);

}  // namespace hftsim::models
