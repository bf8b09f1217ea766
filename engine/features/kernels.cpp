#include "engine/features/kernels.h"

namespace hftsim::features {

// Defined by kernels_isa.cpp, once per instruction set.
extern const KernelTable& kKernelsBaseline;
extern const KernelTable& kKernelsAvx2;
extern const KernelTable& kKernelsAvx512;

bool is_supported(Isa isa) {
  __builtin_cpu_init();
  switch (isa) {
    case Isa::baseline:
      return true;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") != 0;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
             __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  }
  return false;
}

Isa detect_isa() {
  if (is_supported(Isa::avx512)) return Isa::avx512;
  return is_supported(Isa::avx2) ? Isa::avx2 : Isa::baseline;
}

std::vector<Isa> supported_isas() {
  std::vector<Isa> isas;
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (is_supported(isa)) isas.push_back(isa);
  }
  return isas;
}

std::string_view name_of(Isa isa) {
  switch (isa) {
    case Isa::baseline:
      return "x86-64";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
  }
  return "";
}

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
