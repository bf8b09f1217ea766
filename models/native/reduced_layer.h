// A layer's weights rounded to integers, for the integer kernels. Each gate value's weights have a scale of their
// own, the largest with which they fit their type and no sum of products leaves int32, whatever the weights.
#pragma once

#include "engine/core/arena.h"
#include "models/native/lstm_kernels.h"
#include "models/native/lstm_weights.h"
#include "models/native/precision.h"

namespace hftsim::models {

// Packs the recurrent panel, for the second layer the input panel too (both with one scale), and `scale`.
void pack_reduced_layer(Arena& arena, const LayerKernels& kernels, std::size_t lanes, Precision precision,
                        const LstmWeights::Layer& weights, bool second, Layer& layer);

// What pack_reduced_layer() takes of the arena at most, for both layers.
std::size_t reduced_bytes();

}  // namespace hftsim::models
