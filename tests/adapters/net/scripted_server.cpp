#include "tests/adapters/net/scripted_server.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace hftsim::test {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

}  // namespace

Reply http_reply(unsigned status, const std::string& body, const std::string& fields) {
  return {
      fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), fields, body)};
}

class ScriptedServer::Impl {
 public:
  Impl(Script script, const std::filesystem::path& certificate) : script_(std::move(script)) {
    if (!certificate.empty()) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain_file(certificate.string());
      tls_->use_private_key_file(certificate.string(), asio::ssl::context::pem);
    }
    acceptor_thread_ = std::thread([this] { accept(); });
  }
  ~Impl() {
    stopped_ = true;
    error_code ignored;
    // Wakes the acceptor, which is blocked in accept().
    tcp::socket knock(io_);
    knock.connect(acceptor_.local_endpoint(), ignored);
    acceptor_thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (tcp::socket& socket : sockets_) socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
    for (std::thread& thread : threads_) thread.join();
  }

  int port() const { return acceptor_.local_endpoint().port(); }
  bool speaks_tls() const { return tls_.has_value(); }
  int connections() const { return connections_; }

 private:
  void accept() {
    while (true) {
      error_code error;
      tcp::socket accepted = acceptor_.accept(error);
      if (stopped_) return;
      if (error) continue;
      ++connections_;
      const std::lock_guard lock(mutex_);
      tcp::socket& socket = sockets_.emplace_back(std::move(accepted));
      threads_.emplace_back([this, &socket] { talk(socket); });
    }
  }

  void talk(tcp::socket& socket) {
    error_code error;
    if (tls_) {
      asio::ssl::stream<tcp::socket&> stream(socket, *tls_);
      stream.handshake(asio::ssl::stream_base::server, error);
      if (!error) serve(stream);
    } else {
      serve(socket);
    }
    const std::lock_guard lock(mutex_);
    socket.shutdown(tcp::socket::shutdown_both, error);
  }

  template <class Stream>
  void serve(Stream& stream) {
    std::string received;
    while (!stopped_) {
      error_code error;
      const std::size_t size = asio::read_until(stream, asio::dynamic_buffer(received), "\r\n\r\n", error);
      if (error) return;
      const std::string line = received.substr(0, received.find("\r\n"));
      received.erase(0, size);
      const std::size_t begin = line.find(' ') + 1;
      if (!send(stream, reply_to(line.substr(begin, line.rfind(' ') - begin)))) return;
    }
  }

  Reply reply_to(const std::string& target) {
    const std::lock_guard lock(script_mutex_);
    return script_(target);
  }

  // Whether the connection goes on.
  template <class Stream>
  bool send(Stream& stream, const Reply& reply) {
    error_code error;
    do {
      const std::size_t piece = reply.drip ? 1 : reply.bytes.size();
      for (std::size_t sent = 0; sent < reply.bytes.size() && !error && !stopped_; sent += piece) {
        asio::write(stream, asio::buffer(reply.bytes.data() + sent, piece), error);
        if (reply.drip) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    } while (reply.endless && !error && !stopped_);
    return !error && !reply.close;
  }

  Script script_;
  asio::io_context io_;
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopped_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_, script_mutex_;
  std::list<tcp::socket> sockets_;  // stay where they are
  std::list<std::thread> threads_;
  std::thread acceptor_thread_;
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
