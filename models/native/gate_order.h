// Where the values of a PriceLSTM's gates and their weights lie for the kernels (lstm_kernels.h).
#pragma once

#include <cstddef>

#include "models/native/lstm_kernels.h"

namespace hftsim::models {

inline constexpr double kLog2E = 1.4426950408889634;

// What a gate's weights are multiplied by: sigmoid(x) = 1 / (1 + 2^(-log2(e) x)), tanh with twice that.
// `row`: of torch's weights, the gates i, f, g, o of kHidden units each.
inline double gate_scale(std::size_t row) {
  return row / kHidden == 2 ? -2 * kLog2E : -kLog2E;
}

// Calls at(row of torch's weights, position among the gate values) for every gate value, in the packed order.
template <class At>
void for_each_gate(std::size_t lanes, const At& at) {
  std::size_t position = 0;
  for (std::size_t unit = 0; unit < kHidden; unit += lanes) {
    for (std::size_t gate = 0; gate < 4; ++gate) {
      for (std::size_t lane = 0; lane < lanes; ++lane) at(gate * kHidden + unit + lane, position++);
    }
  }
}

// Where the weight of input k stands in a panel, for the gate value at this position: [tile][k / together][gate]
// [lane][k % together].
inline std::size_t panel_index(std::size_t position, std::size_t lanes, std::size_t inputs, std::size_t k,
                               std::size_t together = 1) {
  const std::size_t tile = 4 * lanes;
  const std::size_t group = position / tile * (inputs / together) + k / together;
  return (group * tile + position % tile) * together + k % together;
}

}  // namespace hftsim::models
