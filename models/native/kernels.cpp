#include "models/native/kernels.h"

namespace hftsim::models {

// Defined by lstm_float_isa.cpp, once per instruction set.
extern const FloatKernels& kFloatBaseline;
extern const FloatKernels& kFloatAvx2;
extern const FloatKernels& kFloatAvx512;

const FloatKernels& float_kernels_for(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return kFloatAvx512;
    case Isa::avx2:
      return kFloatAvx2;
    case Isa::baseline:
      break;
  }
  return kFloatBaseline;
}

}  // namespace hftsim::models
