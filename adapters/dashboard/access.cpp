#include "adapters/dashboard/access.h"

#include <openssl/x509v3.h>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "adapters/net/url.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"

namespace hftsim::dashboard {
namespace {

namespace beast = boost::beast;
using beast::http::field;

// What a Host field says; none where it is no host with a port. Its scheme decides which port need not be said.
std::optional<net::Url> parse_host(std::string_view host, bool is_tls) {
  if (host.empty() || host.find_first_of("/?#@") != std::string_view::npos) return std::nullopt;
  try {
    return net::parse_url((is_tls ? "https://" : "http://") + std::string(host), "Host");
  } catch (const BadInput&) {
    return std::nullopt;
  }
}

// ::ffff:127.0.0.1 is 127.0.0.1.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

}  // namespace

Access::Access(std::uint16_t port, const x509_st* certificate, int wrong_tokens_a_minute)
    : port_(port), certificate_(certificate), wrong_tokens_(wrong_tokens_a_minute) {}

bool Access::is_certified(const std::string& host) const {
  if (certificate_ == nullptr) return false;
  X509* const certificate = const_cast<X509*>(certificate_);  // OpenSSL only reads it
  return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
}

std::optional<Refusal> Access::check_host(const Request& request,
                                          const boost::asio::ip::address& reached) const {
  const std::optional<net::Url> url = parse_host(field_of(request, field::host), certificate_ != nullptr);
  if (!url || url->port != port_) return Refusal::host;
  const boost::asio::ip::address here = plain_address(reached);
  const bool is_ours = url->host == here.to_string() ||
                       (here.is_loopback() && net::is_loopback_name(url->host)) || is_certified(url->host);
  return is_ours ? std::nullopt : std::optional(Refusal::host);
}

std::optional<Refusal> Access::check_origin(const Request& request, bool is_browser) const {
  const std::string_view origin = field_of(request, field::origin);
  if (origin.empty()) return is_browser ? std::optional(Refusal::origin) : std::nullopt;
  const std::string own =
      (certificate_ != nullptr ? "https://" : "http://") + std::string(field_of(request, field::host));
  return beast::iequals({origin.data(), origin.size()}, own) ? std::nullopt : std::optional(Refusal::origin);
}

std::optional<Refusal> Access::check_token(std::string_view given) {
  if (given.empty()) return Refusal::token;
  if (token_.matches(given)) return std::nullopt;
  return wrong_tokens_.take(monotonic_ns()) ? Refusal::wrong_token : Refusal::too_many_tokens;
}

std::string_view bearer_token(const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view value = field_of(request, field::authorization);
  const std::string_view scheme = value.substr(0, kScheme.size());
  if (!beast::iequals({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) return "";
  return value.substr(kScheme.size());
}

std::string_view offered_token(const Request& request) {
  constexpr std::string_view kPrefix = "token.";
  for (const beast::string_view offered : beast::http::token_list(request[field::sec_websocket_protocol])) {
    const std::string_view name{offered.data(), offered.size()};
    if (name.starts_with(kPrefix)) return name.substr(kPrefix.size());
  }
  return "";
}

bool offers_subprotocol(const Request& request, std::string_view name) {
  return beast::http::token_list(request[field::sec_websocket_protocol]).exists({name.data(), name.size()});
}

}  // namespace hftsim::dashboard
