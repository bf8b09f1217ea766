// One LSTM layer for training on the CPU, with a backward pass of its own: the weights' gradients are one product
// over all steps instead of a sum over 60, and a step's arithmetic is one pass instead of an operation each.
#pragma once

#include <ATen/core/Tensor.h>

namespace hftsim::models {

// A layer's parameters as torch.nn.LSTM has them: gates i, f, g, o one below the other.
struct LstmWeights {
  at::Tensor input, hidden, input_bias, hidden_bias;
};

// x: (steps, batch, inputs) contiguous; returns (steps, batch, hidden). Starts from a state of zeros. Can be
// differentiated once.
at::Tensor lstm_layer(const at::Tensor& x, const LstmWeights& weights);

}  // namespace hftsim::models
