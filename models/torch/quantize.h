// int8 weights for a bundle's LSTM and linear layers.
#pragma once

#include <string>

#include "models/torch_plugin.h"

namespace hftsim::models {

// Throws BadInput where the bundle at `from` is neither a PriceLSTM nor a PriceTransformer.
void quantize_script(const std::string& from, const std::string& to, const ExtraFiles& extra_files);

}  // namespace hftsim::models
