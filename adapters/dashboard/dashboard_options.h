// Where the dashboard is served, and how much of its server a client may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/net/tls_files.h"

namespace hftsim::dashboard {

struct ServerLimits {
  std::size_t connections = 64;              // at a time, browsers included; one more is told 503
  std::size_t header_bytes = 16 * 1024;      // 431
  std::size_t body_bytes = 4 * 1024;         // 413
  std::size_t updates_waiting = 16;          // for one browser; then it is shown the newest snapshot instead
  int wrong_tokens_a_minute = 10;            // of all clients; 429
  std::chrono::milliseconds request{5'000};  // from the connection to the end of the request
  std::chrono::milliseconds answer{30'000};  // until the client has taken it
  std::chrono::milliseconds slow{10'000};    // a browser that takes one message so long is disconnected
  std::chrono::milliseconds update{250};     // between two updates
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // beyond loopback needs `tls`, and clients need the token
  std::uint16_t port = 0;             // 0: one that is free
  net::TlsFiles tls = {};
  std::string page;  // HTML with one inline script and one inline style
  ServerLimits limits = {};
};

}  // namespace hftsim::dashboard
