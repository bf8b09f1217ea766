// The operators' code, compiled once per instruction set into one binary (engine/core/isa.h).
#pragma once

#include "engine/core/isa.h"
#include "engine/features/kernel_table.h"

namespace hftsim::features {

const KernelTable& kernels_for(Isa isa);

}  // namespace hftsim::features
