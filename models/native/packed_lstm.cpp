#include "models/native/packed_lstm.h"

#include <cassert>

#include "models/native/gate_order.h"
#include "models/native/reduced_layer.h"

namespace hftsim::models {

namespace {

std::span<float> pack_panel(Arena& arena, std::size_t lanes, const float* weights, std::size_t inputs) {
  const std::span<float> panel = arena.allocate<float>(kGateRows * inputs);
  for_each_gate(lanes, [&](std::size_t row, std::size_t position) {
    const double scale = gate_scale(row);
    for (std::size_t k = 0; k < inputs; ++k) {
      panel[panel_index(position, lanes, inputs, k)] =
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
    packed[position] = static_cast<float>(bias * gate_scale(row));
  });
  return packed;
}

std::size_t float_bytes(std::size_t features) {
  return Arena::bytes_for<float>(kGateRows * features) + 3 * Arena::bytes_for<float>(kGateRows * kHidden) +
         4 * Arena::bytes_for<float>(kGateRows) + Arena::bytes_for<float>(kHidden * kHeadWidth) +
         2 * Arena::bytes_for<float>(kHeadWidth);
}

const LayerKernels& layer_kernels_for(Isa isa, Precision precision, bool vnni) {
  switch (precision) {
    case Precision::fp32:
      break;
    case Precision::int16:
      return reduced_kernels_for(isa, vnni).int16;
    case Precision::int8:
      return reduced_kernels_for(isa, vnni).int8;
  }
  return float_kernels_for(isa).layers;
}

}  // namespace

PackedLstm::PackedLstm(const LstmWeights& weights, Isa isa, Precision precision, bool vnni)
    : float_kernels_(float_kernels_for(isa)),
      kernels_(layer_kernels_for(isa, precision, vnni)),
      precision_(precision),
      arena_(float_bytes(weights.features) + reduced_bytes()) {
  assert(is_supported(isa));
  for (const std::size_t i : {0U, 1U}) pack_layer(weights.layers[i], i == 1, layers_[i]);
  pack_head(weights);
}

void PackedLstm::pack_layer(const LstmWeights::Layer& weights, bool second, Layer& layer) {
  const std::size_t lanes = float_kernels_.lanes;
  layer.bias = pack_bias(arena_, lanes, weights).data();
  if (precision_ == Precision::fp32 || !second)
    layer.input = {pack_panel(arena_, lanes, weights.input, weights.inputs).data(), layer.bias,
                   weights.inputs};
  if (precision_ != Precision::fp32)
    return pack_reduced_layer(arena_, kernels_, lanes, precision_, weights, second, layer);
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
