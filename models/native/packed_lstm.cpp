#include "models/native/packed_lstm.h"

#include <cassert>

namespace hftsim::models {

namespace {

constexpr double kLog2E = 1.4426950408889634;

// What a gate's weights are multiplied by: sigmoid(x) = 1 / (1 + 2^(-log2(e) x)), tanh with twice that.
double gate_scale(std::size_t gate) {
  return gate == 2 ? -2 * kLog2E : -kLog2E;
}

// Calls at(row of the weights, position among the gate values) for every gate value, in the packed order.
template <class At>
void for_each_gate(std::size_t lanes, const At& at) {
  std::size_t position = 0;
  for (std::size_t unit = 0; unit < kHidden; unit += lanes) {
    for (std::size_t gate = 0; gate < 4; ++gate) {
      for (std::size_t lane = 0; lane < lanes; ++lane) at(gate * kHidden + unit + lane, position++);
    }
  }
}

// Where the weight of input k stands in a panel, for the gate value at this position of a tile of this size.
std::size_t panel_index(std::size_t position, std::size_t tile_size, std::size_t inputs, std::size_t k) {
  return (position / tile_size * inputs + k) * tile_size + position % tile_size;
}

std::span<float> pack_panel(Arena& arena, std::size_t lanes, const float* weights, std::size_t inputs) {
  const std::span<float> panel = arena.allocate<float>(kGateRows * inputs);
  for_each_gate(lanes, [&](std::size_t row, std::size_t position) {
    const double scale = gate_scale(row / kHidden);
    for (std::size_t k = 0; k < inputs; ++k) {
      panel[panel_index(position, 4 * lanes, inputs, k)] =
          static_cast<float>(static_cast<double>(weights[row * inputs + k]) * scale);
    }
  });
  return panel;
}

std::span<float> pack_bias(Arena& arena, std::size_t lanes, const LstmWeights::Layer& weights) {
  const std::span<float> packed = arena.allocate<float>(kGateRows);
  for_each_gate(lanes, [&](std::size_t row, std::size_t position) {
    const double bias =
        static_cast<double>(weights.input_bias[row]) + static_cast<double>(weights.recurrent_bias[row]);
    packed[position] = static_cast<float>(bias * gate_scale(row / kHidden));
  });
  return packed;
}

std::size_t float_bytes(std::size_t features) {
  return Arena::bytes_for<float>(kGateRows * features) + 3 * Arena::bytes_for<float>(kGateRows * kHidden) +
         4 * Arena::bytes_for<float>(kGateRows) + Arena::bytes_for<float>(kHidden * kHeadWidth) +
         2 * Arena::bytes_for<float>(kHeadWidth);
}

}  // namespace

PackedLstm::PackedLstm(const LstmWeights& weights, Isa isa, Precision precision)
    : float_kernels_(float_kernels_for(isa)),
      kernels_(float_kernels_.layers),
      precision_(precision),
      arena_(float_bytes(weights.features)) {
  assert(is_supported(isa));
  for (const std::size_t i : {0U, 1U}) pack_float_layer(weights.layers[i], layers_[i]);
  pack_head(weights);
}

void PackedLstm::pack_float_layer(const LstmWeights::Layer& weights, Layer& layer) {
  const std::size_t lanes = float_kernels_.lanes;
  layer.bias = pack_bias(arena_, lanes, weights).data();
  layer.input = {pack_panel(arena_, lanes, weights.input, weights.inputs).data(), layer.bias, weights.inputs};
  layer.recurrent = {pack_panel(arena_, lanes, weights.recurrent, kHidden).data(),
                     arena_.allocate<float>(kGateRows).data(), kHidden};
}

void PackedLstm::pack_head(const LstmWeights& weights) {
  const std::span<float> weights1 = arena_.allocate<float>(kHidden * kHeadWidth);
  const std::span<float> bias1 = arena_.allocate<float>(kHeadWidth);
  const std::span<float> weights2 = arena_.allocate<float>(kHeadWidth);
  for (std::size_t j = 0; j < kHeadWidth; ++j) {
    for (std::size_t k = 0; k < kHidden; ++k) weights1[k * kHeadWidth + j] = weights.head1[j * kHidden + k];
    bias1[j] = weights.head1_bias[j];
    weights2[j] = static_cast<float>(static_cast<double>(weights.head2[j]) * -kLog2E);
  }
  const double bias2 = static_cast<double>(*weights.head2_bias) * -kLog2E;
  head_ = {weights1.data(), bias1.data(), weights2.data(), static_cast<float>(bias2)};
}

}  // namespace hftsim::models
