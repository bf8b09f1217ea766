// Instruction sets that hot code is compiled for, side by side in one binary. All give the same bits: only
// IEEE operations, no contraction by the compiler, a fixed order per value.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hftsim {

enum class Isa : std::uint8_t { baseline, avx2, avx512 };

// The best this processor has. avx2 includes FMA, avx512 F, DQ, VL and BW.
Isa detect_isa();
bool is_supported(Isa isa);
std::vector<Isa> supported_isas();
std::string_view name_of(Isa isa);

}  // namespace hftsim
