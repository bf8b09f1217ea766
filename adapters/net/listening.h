// What a server of ours needs before its first client: a socket that listens, a certificate, the URL to print. For
// sources that include Boost anyway.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/net/tls_files.h"

namespace hftsim::net {

// At an IP address; port 0: one that is free. Throws BadInput: that `option` is no address, or nobody may listen there.
boost::asio::ip::tcp::acceptor listening(boost::asio::io_context& io, const std::string& address,
                                         std::uint16_t port, const std::string& option);

// TLS 1.2 or later; none without files. Throws BadInput where they are none.
std::optional<boost::asio::ssl::context> server_tls(const TlsFiles& files);

// "http://127.0.0.1:8080", "https://[::1]:8443".
std::string server_url(bool tls, const std::string& address, std::uint16_t port);

}  // namespace hftsim::net
