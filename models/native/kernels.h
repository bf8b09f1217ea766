// Which of the kernels compiled into the program a processor runs.
#pragma once

#include "engine/core/isa.h"
#include "models/native/lstm_kernels.h"

namespace hftsim::models {

const FloatKernels& float_kernels_for(Isa isa);

// AVX-512's dot products of small integers.
bool has_vnni();

// `vnni`: whether those of Isa::avx512 may use them.
const ReducedKernels& reduced_kernels_for(Isa isa, bool vnni);

}  // namespace hftsim::models
