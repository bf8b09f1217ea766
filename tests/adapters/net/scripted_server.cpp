#include "tests/adapters/net/scripted_server.h"

#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "tests/adapters/net/raw_server.h"

namespace hftsim::test {

Reply http_reply(unsigned status, const std::string& body, const std::string& fields) {
  return {
      fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), fields, body)};
}

class ScriptedServer::Impl {
 public:
  Impl(Script script, const std::filesystem::path& certificate)
      : speaks_tls_(!certificate.empty()),
        script_(std::move(script)),
        server_([this](Peer& peer, int) { serve(peer); }, certificate) {}

  int port() const { return server_.port(); }
  bool speaks_tls() const { return speaks_tls_; }
  int connections() const { return server_.connections(); }

 private:
  void serve(Peer& peer) {
    if (!peer.shake_hands()) return;
    while (const auto request = peer.read_until("\r\n\r\n")) {
      const std::string line = request->substr(0, request->find("\r\n"));
      const std::size_t begin = line.find(' ') + 1;
      if (!send(peer, reply_to(line.substr(begin, line.rfind(' ') - begin)))) return;
    }
  }

  Reply reply_to(const std::string& target) {
    const std::lock_guard lock(mutex_);
    return script_(target);
  }

  // Whether the connection goes on.
  static bool send(Peer& peer, const Reply& reply) {
    bool is_there = true;
    do {
      const std::size_t piece = reply.drip ? 1 : reply.bytes.size();
      for (std::size_t sent = 0; sent < reply.bytes.size() && is_there && !peer.server_ends();
           sent += piece) {
        is_there = peer.send(std::string_view(reply.bytes).substr(sent, piece));
        if (reply.drip) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    } while (reply.endless && is_there && !peer.server_ends());
    return is_there && !reply.close;
  }

  bool speaks_tls_;
  Script script_;
  std::mutex mutex_;
  RawServer server_;
};

ScriptedServer::ScriptedServer(Script script, const std::filesystem::path& certificate)
    : impl_(std::make_unique<Impl>(std::move(script), certificate)) {}
ScriptedServer::~ScriptedServer() = default;
int ScriptedServer::port() const {
  return impl_->port();
}
int ScriptedServer::connections() const {
  return impl_->connections();
}
std::string ScriptedServer::url(const std::string& host) const {
  return fmt::format("{}://{}:{}", impl_->speaks_tls() ? "https" : "http", host, port());
}

}  // namespace hftsim::test
