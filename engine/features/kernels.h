// The operators' code, compiled once per instruction set into one binary. All give the same bits: only IEEE
// operations, no contraction, a fixed order per value.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/features/kernel_table.h"

namespace hftsim::features {

enum class Isa : std::uint8_t { baseline, avx2, avx512 };

// The best this processor has.
Isa detect_isa();
bool is_supported(Isa isa);
std::vector<Isa> supported_isas();
std::string_view name_of(Isa isa);

const KernelTable& kernels_for(Isa isa);

}  // namespace hftsim::features
