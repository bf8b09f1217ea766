// One websocket from resolving its server's name to its end. What the other side can do is bounded: time per step, bytes
// per message, silence. Boost stays in the source.
//
// Compression (permessage-deflate) is not offered: the exchange does not use it, and a frame that is compressed all the
// same ends the connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/net/tls_context.h"
#include "adapters/net/url.h"
#include "engine/core/units.h"

namespace boost::asio {
class io_context;
}

namespace hftsim::live {

struct WebsocketLimits {
  Duration connect, handshake;
  Duration stall;  // without a byte; after half of it a ping goes out
  std::size_t message_bytes_max;
};

// Why a connection is no more.
struct ConnectionEnd {
  std::string trouble;
  bool was_open = false;
  bool is_hopeless = false;  // asking again changes nothing, as far as can be told
  bool is_stalled = false;
  bool is_oversized = false;
  Duration retry_after{0};  // the server's word
};

class WebsocketHandler {
 public:
  virtual ~WebsocketHandler() = default;
  virtual void on_open() = 0;
  // The text holds until it returns; its last byte was there at that time (monotonic).
  virtual void on_message(std::string_view text, std::int64_t read_ns) = 0;
  // Once, and nothing after it.
  virtual void on_end(const ConnectionEnd& end) = 0;
};

class WebsocketConnection {
 public:
  virtual ~WebsocketConnection() = default;

  // Says good-bye and gives the other side a moment for its answer. on_end() follows.
  virtual void close() = 0;
  // At once. No on_end().
  virtual void cut() = 0;
};

// "wss://stream.binance.com:9443", as a user writes it: the URL itself has an http scheme.
std::string websocket_origin(const net::Url& url);

// Begins to connect. All on the thread of `io`; `io`, `tls` and `handler` outlive the connection.
std::shared_ptr<WebsocketConnection> open_websocket(boost::asio::io_context& io, net::TlsContext& tls,
                                                    const net::Url& url, const WebsocketLimits& limits,
                                                    WebsocketHandler& handler);

}  // namespace hftsim::live
