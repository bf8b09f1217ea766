// Addresses of servers. What is taken has to say the same when it is written and read again.
#include "adapters/net/url.h"

#include <cstdlib>

#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {

std::vector<std::string> seeds() {
  return {"https://api.binance.com", "http://127.0.0.1:8080/mirror?x=1&y=%20z",
          "https://[::1]:8443/",     "http://localhost:65535/a/b/",
          "HTTPS://A-b.C9:1?q",      "https://10.0.0.1/api/v3/klines"};
}

void run(std::span<const std::uint8_t> input) {
  try {
    const net::Url url = net::parse_url({reinterpret_cast<const char*>(input.data()), input.size()}, "fuzz");
    const net::Url again = net::parse_url(url.origin() + url.target, "fuzz");
    if (again.origin() != url.origin() || again.target != url.target) std::abort();
    if (!url.tls && !net::is_loopback_name(url.host)) std::abort();
  } catch (const BadInput&) {
  }
}

}  // namespace hftsim::fuzz
