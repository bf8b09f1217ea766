// A websocket server's side of one connection (RFC 6455), frame by frame: for tests that say what no server would.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/adapters/net/raw_server.h"

namespace hftsim::test {

enum class Opcode : unsigned char { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct Frame {
  Opcode opcode = Opcode::text;
  std::string payload = {};
  bool is_last = true;
  unsigned char reserved = 0;  // RSV1: 4, RSV2: 2, RSV3: 1

  // As a server sends it: not masked.
  std::string bytes() const;
};

class WebsocketPeer {
 public:
  explicit WebsocketPeer(Peer& peer) : peer_(peer) {}

  // Hears the upgrade request; what answers it well.
  std::optional<std::string> hear_request();
  // Both, and says yes.
  bool accept();
  const std::string& target() const { return target_; }  // "/stream?streams=..."

  bool send(const Frame& frame) { return peer_.send(frame.bytes()); }
  bool send_text(std::string_view text) { return send({.payload = std::string(text)}); }

  // The client's next frame, unmasked; none at the connection's end, or where it is not masked as a client has to.
  std::optional<Frame> hear();
  // Answers pings, and the client's farewell, until the connection ends.
  void attend();

 private:
  Peer& peer_;
  std::string target_;
};

}  // namespace hftsim::test
