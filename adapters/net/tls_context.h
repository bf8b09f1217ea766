// Whom a TLS client believes: the system's certificate authorities, and those of one more file for servers of
// one's own. TLS 1.2 or later; a certificate that is expired, of another host or signed by nobody known is refused.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

struct ssl_st;  // SSL
namespace boost::asio::ssl {
class context;
}

namespace hftsim::net {

class TlsContext {
 public:
  // `ca_file`: PEM, may be empty. Throws BadInput where it holds no certificate.
  explicit TlsContext(const std::filesystem::path& ca_file = {});
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // Any number of connections, of any threads.
  boost::asio::ssl::context& native() { return *context_; }

 private:
  std::unique_ptr<boost::asio::ssl::context> context_;
};

// Before a handshake, on its SSL*: the name (or address) that the certificate has to be for.
void expect_host(ssl_st* ssl, const std::string& host);

// After a handshake that failed: what is wrong with the certificate, "" where that was not the reason.
std::string certificate_complaint(ssl_st* ssl);

}  // namespace hftsim::net
