#include "models/native/kernels.h"

namespace hftsim::models {

// Defined by lstm_float_isa.cpp, once per instruction set.
extern const FloatKernels& kFloatBaseline;
extern const FloatKernels& kFloatAvx2;
extern const FloatKernels& kFloatAvx512;

// Defined by lstm_reduced_isa.cpp.
extern const ReducedKernels& kReducedBaseline;
extern const ReducedKernels& kReducedAvx2;
extern const ReducedKernels& kReducedAvx512;
extern const ReducedKernels& kReducedVnni;

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

bool has_vnni() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512vnni") != 0;
}

const ReducedKernels& reduced_kernels_for(Isa isa, bool vnni) {
  switch (isa) {
    case Isa::avx512:
      return vnni ? kReducedVnni : kReducedAvx512;
    case Isa::avx2:
      return kReducedAvx2;
    case Isa::baseline:
      break;
  }
  return kReducedBaseline;
}

}  // namespace hftsim::models
