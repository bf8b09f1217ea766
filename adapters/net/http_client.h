// One connection to one server, over which GETs go one after the other. Opened at the first, kept, opened again
// when it broke. What a server can do to us is bounded: time per step, bytes of fields and body.
//
// Not done: proxies, compression (not asked for, refused where it comes), redirects to another server (refused).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "adapters/net/http_response.h"
#include "adapters/net/stop_signal.h"
#include "adapters/net/tls_context.h"
#include "adapters/net/url.h"

namespace hftsim::net {

struct HttpLimits {
  std::chrono::milliseconds connect{10'000};  // resolving the name, then connecting
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds response{30'000};  // all of it, from the request on: slow bytes count
  std::uint32_t field_bytes_max = 16 * 1024;
  std::uint64_t body_bytes_max = 16 * 1024 * 1024;
  int redirects_max = 3;
};

class HttpClient : public HttpGetter {
 public:
  // Of the server that `base` names; its path stands before every target. `tls` and `stop` outlive this.
  HttpClient(const Url& base, TlsContext& tls, const StopSignal& stop, const HttpLimits& limits = {});
  ~HttpClient() override;

  HttpResponse get(const std::string& target) override;
  std::string url(const std::string& target) const override;

 private:
  class Connection;  // keeps Boost out of here
  std::string same_server_target(const HttpResponse& response, const std::string& from) const;

  Url base_;
  std::string path_;  // of the base, without a slash at its end
  HttpLimits limits_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hftsim::net
