// The networks that can be trained, as TorchScript defined here; parameters are named as torch.nn names them.
//
// PriceLSTM          LSTM, 2 layers of 64, dropout 0.2 between them; the last step's output; the head
// PriceTransformer   linear to 64, sinusoidal positions (Vaswani et al. 2017, 3.5), 2 encoder layers as
//                    torch.nn.TransformerEncoderLayer(64, 4, 128, dropout=0.2) does them by default (4 heads,
//                    ReLU, norm after each sum); the last step's output; the head
// head               linear 64 -> 32, ReLU, dropout 0.2, linear 32 -> 1; sigmoid
//
// Methods: forward(x) -> (batch) probabilities; logits(x), the same before the sigmoid.
// x: (batch, lookback, features) float32.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <string>

#include "models/torch_plugin.h"

namespace hftsim::models {

// In training mode, on the CPU, initialised as torch.nn does by default from streams of the spec's seed: a
// parameter's values depend on the seed and its name. Throws BadInput for an architecture that is not there.
torch::jit::Module make_script_network(const NetworkSpec& spec);

// int8: every matrix has int8 values and beside it, under its name + "_scale", what its rows are multiplied with.
enum class WeightKind : std::uint8_t { float32, int8 };

// The methods above for a module that has the architecture's parameters.
void define_methods(torch::jit::Module& network, const std::string& architecture, WeightKind kind);

}  // namespace hftsim::models
