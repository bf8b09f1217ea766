#include "adapters/dashboard/access_token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>

#include "adapters/dashboard/digest.h"
#include "engine/core/errors.h"

namespace hftsim::dashboard {
namespace {

std::string random_text() {
  std::array<std::uint8_t, 32> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw IoFailure("OpenSSL has no random bytes for the dashboard's token");
  std::string text = base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(text.find('='));
  return text;
}

}  // namespace

AccessToken::AccessToken() : text_(random_text()), digest_(sha256(text_)) {}

bool AccessToken::matches(std::string_view given) const {
  const Digest digest = sha256(given);
  return CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace hftsim::dashboard
