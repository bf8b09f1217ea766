// The network that runs natively: two LSTM layers of 64 over the window, the last step through 64 -> 32, ReLU,
// 32 -> 1, sigmoid.
#pragma once

#include <cstdint>
#include <string>

#include "models/bundle.h"

namespace hftsim::models {

inline constexpr const char* kPriceLstm = "PriceLSTM";
inline constexpr std::uint32_t kPriceLstmHidden = 64;
inline constexpr std::uint32_t kPriceLstmHead = 32;

// Why a bundle's model is for torch alone: another architecture, quantised, no weights, a tensor that is
// missing, there in excess or of another shape. "" where it runs natively.
std::string native_obstacle(const ModelBundle& bundle);

}  // namespace hftsim::models
