// The exchange on this machine: listens, serves REST and websockets over one market, and lets its time go by. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/exchange/server_context.h"
#include "adapters/net/tls_files.h"

namespace hftsim::exchange {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: one that is free
  net::TlsFiles tls = {};
  bool waits_for_client = false;  // time stands still before the first subscription
  bool ends_with_source = false;  // at the source's end websockets are closed and run() returns
};

class ExchangeServer {
 public:
  // Listens from here on. Throws BadInput where the address cannot be listened at or the TLS files are none.
  ExchangeServer(ServerContext& context, ServerOptions options);
  ~ExchangeServer();

  std::uint16_t port() const;
  // "http://127.0.0.1:8080"
  std::string url() const;

  // Serves until SIGINT, SIGTERM, stop() or, where it ends with its source, that. Websockets are closed then. Throws what
  // the source throws.
  void run();
  // From run()'s thread.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hftsim::exchange
