// The secret that commands a session: made anew at every start, told to whoever sees the terminal.
#pragma once

#include <string>
#include <string_view>

#include "adapters/dashboard/digest.h"

namespace hftsim::dashboard {

class AccessToken {
 public:
  // 256 bits of OpenSSL's generator. Throws IoFailure where it has none.
  AccessToken();

  const std::string& text() const { return text_; }  // base64url: 43 of A-Z a-z 0-9 - _
  // In a time that does not depend on where `given` differs, or how long it is.
  bool matches(std::string_view given) const;

 private:
  std::string text_;
  Digest digest_;
};

}  // namespace hftsim::dashboard
