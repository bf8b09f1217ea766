#include "adapters/net/tls_context.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include "engine/core/errors.h"

namespace hftsim::net {

namespace ssl = boost::asio::ssl;

TlsContext::TlsContext(const std::filesystem::path& ca_file)
    : context_(std::make_unique<ssl::context>(ssl::context::tls_client)) {
  SSL_CTX_set_min_proto_version(context_->native_handle(), TLS1_2_VERSION);
  context_->set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  context_->set_default_verify_paths(error);
  if (error) throw IoFailure("the system's certificate authorities cannot be read: " + error.message());
  if (ca_file.empty()) return;
  context_->load_verify_file(ca_file.string(), error);
  if (error) throw BadInput("--ca-file", "'" + ca_file.string() + "'", "a readable file of PEM certificates");
}

TlsContext::~TlsContext() = default;

void expect_host(ssl_st* handle, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  bool done = false;
  if (no_address) {
    done = SSL_set_tlsext_host_name(handle, host.c_str()) == 1 && SSL_set1_host(handle, host.c_str()) == 1;
  } else {
    done = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), host.c_str()) == 1;
  }
  // A name that could not be set would not be checked.
  if (!done) throw IoFailure("TLS: the name " + host + " cannot be checked");
}

std::string certificate_complaint(ssl_st* handle) {
  const long result = SSL_get_verify_result(handle);
  return result == X509_V_OK ? "" : X509_verify_cert_error_string(result);
}

}  // namespace hftsim::net
