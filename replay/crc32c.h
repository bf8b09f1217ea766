// CRC32C (Castagnoli; RFC 3720, appendix B.4) over ISA-L, which picks the processor's instruction at run time
// and falls back to tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace hftsim {

// `bytes` of up to 2 GiB.
std::uint32_t crc32c(std::span<const std::byte> bytes);

}  // namespace hftsim
