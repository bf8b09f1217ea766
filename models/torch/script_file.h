// TorchScript: read with errors that a person understands, written whole or not at all.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <string>

#include "models/torch_plugin.h"

namespace hftsim::models {

// On the CPU, from a file's bytes, `name` its name. Throws BadInput where they are not TorchScript.
torch::jit::Module load_script(const std::string& bytes, const std::string& name);

// Under a name beside `path` first. Throws BadInput where that cannot be made, IoFailure where it cannot be
// written to its end.
void save_script(const torch::jit::Module& module, const std::string& path, const ExtraFiles& extra_files);

}  // namespace hftsim::models
