// FNV-1a, 64 bits (Fowler, Noll, Vo): for names and identities, where speed does not matter and a library's
// choice of hash must not either.
#pragma once

#include <cstdint>
#include <string_view>

namespace hftsim {

inline constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;

// `hash`: of what came before.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash = kFnvBasis) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace hftsim
