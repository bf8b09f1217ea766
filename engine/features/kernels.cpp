#include "engine/features/kernels.h"

namespace hftsim::features {

// Defined by kernels_isa.cpp, once per instruction set.
extern const KernelTable& kKernelsBaseline;
extern const KernelTable& kKernelsAvx2;
extern const KernelTable& kKernelsAvx512;

const KernelTable& kernels_for(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return kKernelsAvx512;
    case Isa::avx2:
      return kKernelsAvx2;
    case Isa::baseline:
      break;
  }
  return kKernelsBaseline;
}

}  // namespace hftsim::features
