#include "models/native/reduced_layer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "models/native/gate_order.h"

namespace hftsim::models {

namespace {

// One gate value's weights: integers, and what one of them counts.
struct RoundedRow {
  std::vector<std::int32_t> weights;
  double unit = 1;
};

// A sum of products is at most hidden_scale times the weights' sum. Rounding adds a half to each of these at
// most.
RoundedRow round_row(const std::vector<double>& weights, double largest_integer, double hidden_scale) {
  double largest = 0, total = 0;
  for (const double weight : weights) {
    largest = std::max(largest, std::fabs(weight));
    total += std::fabs(weight);
  }
  const double most = std::floor(std::numeric_limits<std::int32_t>::max() / hidden_scale);
  const double room = most - static_cast<double>(weights.size()) / 2 - 1;
  RoundedRow row;
  if (largest > 0) row.unit = std::max(largest / largest_integer, total / room);
  [[maybe_unused]] std::int64_t sum = 0;
  for (const double weight : weights) {
    row.weights.push_back(static_cast<std::int32_t>(std::lround(weight / row.unit)));
    sum += std::abs(row.weights.back());
  }
  assert(static_cast<double>(sum) * hidden_scale <= std::numeric_limits<std::int32_t>::max());
  return row;
}

class PanelPacker {
 public:
  PanelPacker(Arena& arena, const LayerKernels& kernels, std::size_t lanes)
      : kernels_(kernels), lanes_(lanes), start_(arena.allocate<std::int32_t>(kGateRows)) {
    if (kernels.together == 4) {
      bytes_ = arena.allocate<std::int8_t>(kGateRows * kHidden);
    } else {
      pairs_ = arena.allocate<std::int16_t>(kGateRows * kHidden);
    }
  }

  void put(std::size_t position, const std::int32_t* weights) {
    std::int32_t sum = 0;
    for (std::size_t k = 0; k < kHidden; ++k) {
      const std::size_t at = panel_index(position, lanes_, kHidden, k, kernels_.together);
      if (!bytes_.empty()) bytes_[at] = static_cast<std::int8_t>(weights[k]);
      if (!pairs_.empty()) pairs_[at] = static_cast<std::int16_t>(weights[k]);
      sum += weights[k];
    }
    start_[position] = -sum * kernels_.hidden_zero;
  }

  Panel panel() const {
    const void* weights = bytes_.empty() ? static_cast<const void*>(pairs_.data()) : bytes_.data();
    return {weights, start_.data(), kHidden};
  }

 private:
  const LayerKernels& kernels_;
  std::size_t lanes_;
  std::span<std::int32_t> start_;
  std::span<std::int8_t> bytes_;
  std::span<std::int16_t> pairs_;
};

// The gate value's weights in the order of the panels: input (of the second layer), recurrent.
std::vector<double> row_of(const LstmWeights::Layer& weights, bool second, std::size_t row) {
  std::vector<double> values;
  if (second) values.assign(weights.input + row * kHidden, weights.input + (row + 1) * kHidden);
  values.insert(values.end(), weights.recurrent + row * kHidden, weights.recurrent + (row + 1) * kHidden);
  return values;
}

}  // namespace

void pack_reduced_layer(Arena& arena, const LayerKernels& kernels, std::size_t lanes, Precision precision,
                        const LstmWeights::Layer& weights, bool second, Layer& layer) {
  const double largest_integer = precision == Precision::int8 ? 127 : 32767;
  const auto hidden_scale = static_cast<double>(kernels.hidden_scale);
  const std::span<float> scale = arena.allocate<float>(kGateRows);
  PanelPacker input(arena, kernels, lanes), recurrent(arena, kernels, lanes);
  for_each_gate(lanes, [&](std::size_t row, std::size_t position) {
    const RoundedRow rounded = round_row(row_of(weights, second, row), largest_integer, hidden_scale);
    if (second) input.put(position, rounded.weights.data());
    recurrent.put(position, &rounded.weights[second ? kHidden : 0]);
    scale[position] = static_cast<float>(gate_scale(row) * rounded.unit / hidden_scale);
  });
  if (second) layer.input = input.panel();
  layer.recurrent = recurrent.panel();
  layer.scale = scale.data();
}

std::size_t reduced_bytes() {
  return 2 * (Arena::bytes_for<float>(kGateRows) + 2 * Arena::bytes_for<std::int32_t>(kGateRows) +
              2 * Arena::bytes_for<std::int16_t>(kGateRows * kHidden));
}

}  // namespace hftsim::models
