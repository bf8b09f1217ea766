// One instruction set's operators. Apart from kernels.h because the files built per instruction set include
// no standard library headers.
#pragma once

#include "engine/features/node.h"

namespace hftsim::features {

using Kernel = void (*)(const Node&, const Frame&);

struct KernelTable {
  Kernel block[kOpCount];   // any number of bars up to kFrameBars
  Kernel single[kOpCount];  // exactly one bar; no loops set up
};

}  // namespace hftsim::features
