// The LSTM's inner loops, compiled once per instruction set into one binary (engine/core/isa.h). No standard
// library headers but fixed-width integers: see lstm_float_isa.cpp.
//
// Of a layer's 256 gate values, those of `lanes` neighbouring units lie together, as a tile: [tile][gate][lane]
// with the gates i, f, g, o. Weights are packed [tile][input][gate][lane]. Gates are multiplied by -log2(e)
// (g: -2 log2(e)) beforehand, by their weights, so that 2^gate is what sigmoid and tanh are made of.
//
// A gate value is always (bias + input[0] w + input[1] w + ...) + (0 + before[0] w + before[1] w + ...), each
// product added by a fused multiply-add, in this order: both brackets can be worked out apart and in advance.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hftsim::models {

inline constexpr std::size_t kHidden = 64;
inline constexpr std::size_t kGateRows = 4 * kHidden;
inline constexpr std::size_t kHeadWidth = 32;

// Both brackets' weights; what they begin with.
struct Panel {
  const void* weights = nullptr;
  const void* start = nullptr;  // [tile][gate][lane]
  std::size_t inputs = 0;
};

struct Layer {
  Panel input, recurrent;
  const float* scale = nullptr;  // integers: what a sum of products counts, and the bias beside it
  const float* bias = nullptr;
};

// One time step of some rows. Hidden values are rows of kHidden, in the precision's own format; row r's sums
// begin at sums + r * stride.
struct Step {
  std::size_t rows = 0;
  const void* below = nullptr;   // hidden values of the layer below
  const void* input = nullptr;   // or their sums, worked out before
  std::size_t input_stride = 0;  // in values; 0: one row for all
  const void* before = nullptr;  // hidden values of the step before; null: all zero, as is then `cell`
  const void* sums = nullptr;    // or their sums, of kGateRows each
  float* cell = nullptr;         // [row][kHidden], replaced
  void* hidden = nullptr;        // the new hidden values; not those of the step before
  float* exact = nullptr;        // the same as float where wanted; may be null
  bool backwards = false;        // one row: which way through the weights; alternate, and caches serve more
};

struct Head {
  const float* weights1 = nullptr;  // [input][kHeadWidth]
  const float* bias1 = nullptr;
  const float* weights2 = nullptr;  // times -log2(e), as the bias
  float bias2 = 0;
};

// In one precision. [0]: the first layer, whose input sums are float in every precision; [1]: the second.
struct LayerKernels {
  std::size_t hidden_bytes = 0;   // of a row of hidden values
  unsigned char hidden_zero = 0;  // the byte that they hold where they are all 0
  // Of integers: how many values share a lane of 32 bits, with as many weights: [tile][input / so many][gate]
  // [lane][so many]; and what a hidden value of 1 is. Values that are stored without sign are hidden_zero more.
  std::size_t together = 1;
  float hidden_scale = 1;
  void (*sum)(const Panel&, const void* hidden, std::size_t rows, void* sums) = nullptr;
  void (*recur[2])(const Layer&, const Step&) = {};   // input + before
  void (*finish[2])(const Layer&, const Step&) = {};  // input + sums
  void (*step)(const Layer&, const Step&) = nullptr;  // below + before, of the second layer
};

struct FloatKernels {
  std::size_t lanes = 0;
  // sums[r] = start + values[r * inputs] w[0] + ...
  void (*project)(const Panel&, const float* values, std::size_t rows, float* sums) = nullptr;
  float (*head)(const Head&, const float* hidden) = nullptr;  // the probability
  LayerKernels layers;
};

// The layers with integers for hidden values. The sums of products are int32.
struct ReducedKernels {
  LayerKernels int16, int8;
};

}  // namespace hftsim::models
