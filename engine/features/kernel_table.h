// One instruction set's operators. Apart from kernels.h because the files built per instruction set include
// no standard library headers.
#pragma once

#include "engine/features/node.h"

namespace hftsim::features {

struct KernelTable {
  Kernel block[kOpCount];
  Kernel single[kOpCount];  // each ends by calling the next node's
  Kernel last;              // has to run after the others, before any other code
};

}  // namespace hftsim::features
