#include "adapters/dashboard/digest.h"

#include <openssl/evp.h>

#include "engine/core/errors.h"

namespace hftsim::dashboard {

Digest sha256(std::string_view text) {
  Digest digest;
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw IoFailure("OpenSSL has no SHA-256");
  return digest;
}

std::string base64(const Digest& bytes) {
  std::array<unsigned char, 45> text;  // 4 for every 3, and a zero
  const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

}  // namespace hftsim::dashboard
