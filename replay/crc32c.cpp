#include "replay/crc32c.h"

#include <isa-l/crc.h>

#include <cassert>
#include <limits>

namespace hftsim {

std::uint32_t crc32c(std::span<const std::byte> bytes) {
  assert(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  // ISA-L's signature lacks a const; it only reads. It leaves both inversions to the caller.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~0U);
}

}  // namespace hftsim
