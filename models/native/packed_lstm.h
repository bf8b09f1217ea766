// A PriceLSTM's weights as one instruction set's kernels read them, with the kernels. Immutable: what runs on
// it, on any thread, keeps its state apart.
#pragma once

#include "engine/core/arena.h"
#include "engine/core/isa.h"
#include "models/native/kernels.h"
#include "models/native/lstm_weights.h"
#include "models/native/precision.h"

namespace hftsim::models {

class PackedLstm {
 public:
  PackedLstm(const LstmWeights& weights, Isa isa, Precision precision, bool vnni = has_vnni());

  std::size_t features() const { return layers_[0].input.inputs; }
  Precision precision() const { return precision_; }
  const LayerKernels& kernels() const { return kernels_; }
  const Layer& layer(std::size_t index) const { return layers_[index]; }

  // The first layer's input sums of `count` rows, kGateRows floats each.
  void project(const float* rows, std::size_t count, float* sums) const {
    float_kernels_.project(layers_[0].input, rows, count, sums);
  }

  // The probability, from the second layer's hidden values.
  float head(const float* hidden) const { return float_kernels_.head(head_, hidden); }

 private:
  void pack_layer(const LstmWeights::Layer& weights, bool second, Layer& layer);
  void pack_head(const LstmWeights& weights);

  const FloatKernels& float_kernels_;
  const LayerKernels& kernels_;
  Precision precision_;
  Arena arena_;
  Layer layers_[2];
  Head head_;
};

}  // namespace hftsim::models
