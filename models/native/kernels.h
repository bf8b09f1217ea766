// Which of the kernels compiled into the program a processor runs.
#pragma once

#include "engine/core/isa.h"
#include "models/native/lstm_kernels.h"

namespace hftsim::models {

const FloatKernels& float_kernels_for(Isa isa);

}  // namespace hftsim::models
