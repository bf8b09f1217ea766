// The weights of a PriceLSTM, found among a bundle's tensors by the names that torch.nn gives them:
//
//   lstm.weight_ih_l0 (256, features)   lstm.weight_hh_l0 (256, 64)   lstm.bias_ih_l0, lstm.bias_hh_l0 (256)
//   lstm.weight_ih_l1 (256, 64)         lstm.weight_hh_l1 (256, 64)   lstm.bias_ih_l1, lstm.bias_hh_l1 (256)
//   fc1.weight (32, 64), fc1.bias (32), fc2.weight (1, 32), fc2.bias (1)
//
// Rows of 256 are the gates i, f, g, o of 64 units each.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "models/named_tensor.h"

namespace hftsim::models {

// Why these are not the weights of a PriceLSTM, for people: "fc1.weight has the shape (32, 128), not (32, 64)".
// Empty: they are.
std::string price_lstm_fault(std::span<const NamedTensor> weights);

// Views of the tensors' values.
struct LstmWeights {
  struct Layer {
    std::size_t inputs = 0;
    const float *input = nullptr, *recurrent = nullptr, *input_bias = nullptr, *recurrent_bias = nullptr;
  };

  std::size_t features = 0;
  Layer layers[2];
  const float *head1 = nullptr, *head1_bias = nullptr, *head2 = nullptr, *head2_bias = nullptr;
};

// Throws BadInput with the fault. The tensors have to outlive what is returned.
LstmWeights find_lstm_weights(std::span<const NamedTensor> weights);

}  // namespace hftsim::models
