// Addresses of servers, as users give them: https://api.binance.com, http://127.0.0.1:8080/mirror.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hftsim::net {

struct Url {
  bool tls = true;   // https
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string target;  // path and query as they are sent: "/", "/api/v3/klines?limit=5"

  // "api.binance.com", "127.0.0.1:8080", "[::1]:8080": what a Host field says.
  std::string authority() const;

  // "https://api.binance.com:8443": scheme and authority.
  std::string origin() const;
};

// What RFC 3986 allows of http and https, without user, password and fragment. Plain http goes to this machine
// alone (is_loopback_name), since nobody vouches for what it brings. Throws BadInput(place, ...).
Url parse_url(std::string_view text, const std::string& place);

// localhost, 127.x.y.z, ::1. That localhost is this machine has to be checked once it is resolved.
bool is_loopback_name(std::string_view host);

}  // namespace hftsim::net
