#include "adapters/net/listening.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/core/errors.h"

namespace hftsim::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// OpenSSL does not say what keeps it from a file.
void require_readable(const std::string& file) {
  if (!std::ifstream(file)) throw BadInput(file + ": cannot be opened: " + std::strerror(errno));
}

}  // namespace

tcp::acceptor listening(asio::io_context& io, const std::string& text, std::uint16_t port,
                        const std::string& option) {
  const std::string place = fmt::format("listening at {}:{}", text, port);
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(text, error);
  if (error) throw BadInput(option, "'" + text + "'", "an IP address");
  tcp::acceptor acceptor(io);
  const tcp::endpoint endpoint(address, port);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw BadInput(place + ": " + error.message() + "; port 0 takes one that is free");
  return acceptor;
}

std::optional<asio::ssl::context> server_tls(const TlsFiles& files) {
  if (files.certificate.empty()) return std::nullopt;
  require_readable(files.certificate);
  require_readable(files.key);
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                  asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                  asio::ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  tls.use_certificate_chain_file(files.certificate, error);
  if (error) throw BadInput(files.certificate + ": " + error.message(), "this file", "a certificate in PEM");
  tls.use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error)
    throw BadInput(files.key + ": " + error.message(), "this file", "the certificate's private key in PEM");
  return tls;
}

std::string server_url(bool tls, const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}", tls ? "https" : "http", is_v6 ? "[" + address + "]" : address, port);
}

}  // namespace hftsim::net
