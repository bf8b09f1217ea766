// Dynamic quantisation: the weights of LSTM and linear layers as int8 with a scale per output, activations
// rounded to int8 as they come, with a scale per row of theirs.
//
// Not LibTorch's own dynamic quantisation, though the file is as small: that takes one scale for all windows of a
// batch, so that a window's value depends on its neighbours (by 4e-5 in a PriceLSTM with random weights), and on
// the engine the library was built with. Here the products are sums of integers, exact in float32: any LibTorch
// runs the file and gives a window the same value in every batch. The price: it is as fast as float32, not faster.
#pragma once

#include <string>

#include "models/torch_plugin.h"

namespace hftsim::models {

// Throws BadInput where the bundle of these bytes is neither a PriceLSTM nor a PriceTransformer, by the names and
// shapes of its parameters and by what it answers.
void quantize_script(const std::string& bytes, const std::string& name, const std::string& to,
                     const ExtraFiles& extra_files);

}  // namespace hftsim::models
