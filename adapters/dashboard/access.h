// Who may ask the dashboard's server what. A browser carries what any page makes it send: hence Host (a foreign name that
// was made to resolve to this machine) and Origin (a foreign page). Whoever has the token may command.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/dashboard/access_token.h"
#include "adapters/dashboard/http_message.h"
#include "adapters/dashboard/refusal.h"
#include "adapters/dashboard/token_limit.h"

struct x509_st;  // X509

namespace hftsim::dashboard {

class Access {
 public:
  // `certificate`: the server's, null without TLS; outlives this.
  Access(std::uint16_t port, const x509_st* certificate, int wrong_tokens_a_minute);

  const AccessToken& token() const { return token_; }

  // The Host has to be the address that the connection came to, a loopback name where that is one, or a name that the
  // certificate is for; with this server's port.
  std::optional<Refusal> check_host(const Request& request, const boost::asio::ip::address& reached) const;
  // The Origin, where a browser says one, has to be this server's own. `is_browser`: there has to be one.
  std::optional<Refusal> check_origin(const Request& request, bool is_browser) const;
  // `given`: "" none. The right one is taken however many wrong ones came before.
  std::optional<Refusal> check_token(std::string_view given);

 private:
  bool is_certified(const std::string& host) const;

  std::uint16_t port_;
  const x509_st* certificate_;
  AccessToken token_;
  TokenLimit wrong_tokens_;
};

// "Authorization: Bearer TOKEN"; "" where there is none.
std::string_view bearer_token(const Request& request);
// What a websocket offers beside the subprotocol "hftsim", since a browser cannot send a field with it: "token.TOKEN".
std::string_view offered_token(const Request& request);
bool offers_subprotocol(const Request& request, std::string_view name);

}  // namespace hftsim::dashboard
