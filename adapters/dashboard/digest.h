// SHA-256 and base64, by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hftsim::dashboard {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view text);
std::string base64(const Digest& bytes);

}  // namespace hftsim::dashboard
