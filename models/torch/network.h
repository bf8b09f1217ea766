// A network that is being trained: its TorchScript module in training mode, and Adam.
#pragma once

#include <memory>

#include "models/torch_plugin.h"

namespace hftsim::models {

// Throws BadInput: an architecture that is not there, cuda where there is none, sizes of zero.
std::unique_ptr<TrainableNetwork> make_script_trainer(const NetworkSpec& spec);

}  // namespace hftsim::models
