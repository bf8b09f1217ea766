// Finds and loads libhftsim_torch.so when something first needs LibTorch: it costs about half a second, which a
// run that needs no torch must not pay.
//
// Looked for in $HFTSIM_TORCH_PLUGIN, else beside the running program, in ../lib/hftsim from there, and where the
// system looks for libraries.
#pragma once

#include <string>

#include "models/torch_plugin.h"

namespace hftsim::models {

// The plugin, loaded at the first call; lives as long as the process. Throws BadInput where it or LibTorch is
// missing, with what to install or build.
//
// Before loading, unless the user has set them: OPENBLAS_NUM_THREADS=1 (OpenBLAS would keep a second thread that
// spins 100 ms after every call) and OMP_WAIT_POLICY=passive (so would OpenMP's). Changes the environment: call
// it before threads that read it.
TorchPlugin& torch_plugin();

// Whether a plugin lies at one of the named places, without loading it; LibTorch itself may still be missing.
bool torch_plugin_is_installed();

}  // namespace hftsim::models
