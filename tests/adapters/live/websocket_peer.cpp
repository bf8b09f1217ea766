#include "tests/adapters/live/websocket_peer.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace hftsim::test {
namespace {

// Sec-WebSocket-Accept: RFC 6455, 1.3.
std::string accept_value(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  std::array<unsigned char, 4 * (SHA_DIGEST_LENGTH / 3 + 1) + 1> base64{};
  EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(hash.size()));
  return reinterpret_cast<const char*>(base64.data());
}

std::string field_of(const std::string& request, const std::string& name) {
  const std::size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string Frame::bytes() const {
  const auto byte = [](std::uint64_t value) {
    return static_cast<char>(value & 0xff);
  };
  std::string out(1, byte((is_last ? 0x80u : 0u) | unsigned{reserved} << 4 | static_cast<unsigned>(opcode)));
  const std::size_t size = payload.size();
  const int size_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out += byte(size_bytes == 0 ? size : size_bytes == 2 ? 126 : 127);
  for (int i = size_bytes - 1; i >= 0; --i) out += byte(size >> 8 * i);
  return out + payload;
}

std::optional<std::string> WebsocketPeer::hear_request() {
  const auto request = peer_.read_until("\r\n\r\n");
  if (!request) return std::nullopt;
  const std::size_t begin = request->find(' ') + 1;
  target_ = request->substr(begin, request->find(' ', begin) - begin);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         accept_value(field_of(*request, "Sec-WebSocket-Key")) + "\r\n\r\n";
}

bool WebsocketPeer::accept() {
  const auto answer = hear_request();
  return answer && peer_.send(*answer);
}

std::optional<Frame> WebsocketPeer::hear() {
  const auto head = peer_.read(2);
  if (!head) return std::nullopt;
  const auto first = static_cast<unsigned char>((*head)[0]), second = static_cast<unsigned char>((*head)[1]);
  std::uint64_t size = second & 0x7f;
  if (size >= 126) {
    const auto bytes = peer_.read(size == 126 ? 2 : 8);
    if (!bytes) return std::nullopt;
    size = big_endian(*bytes);
  }
  const auto mask = (second & 0x80) != 0 ? peer_.read(4) : std::nullopt;
  const auto payload = mask ? peer_.read(size) : std::nullopt;
  if (!payload) return std::nullopt;
  Frame frame{
      .opcode = static_cast<Opcode>(first & 0xf), .payload = *payload, .is_last = (first & 0x80) != 0};
  for (std::size_t i = 0; i < frame.payload.size(); ++i)
    frame.payload[i] = static_cast<char>(frame.payload[i] ^ (*mask)[i % 4]);
  return frame;
}

void WebsocketPeer::attend() {
  while (const auto frame = hear()) {
    if (frame->opcode == Opcode::ping) send({.opcode = Opcode::pong, .payload = frame->payload});
    if (frame->opcode != Opcode::close) continue;
    send({.opcode = Opcode::close, .payload = frame->payload});
    return;
  }
}

}  // namespace hftsim::test
