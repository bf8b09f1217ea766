#include "tests/adapters/net/raw_server.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
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

class RawServer::Impl {
 public:
  Impl(Conversation conversation, const std::filesystem::path& certificate)
      : conversation_(std::move(conversation)) {
    if (!certificate.empty()) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain_file(certificate.string());
      tls_->use_private_key_file(certificate.string(), asio::ssl::context::pem);
    }
    acceptor_thread_ = std::thread([this] { accept(); });
  }
  ~Impl() {
    error_code ignored;
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    ending_.notify_all();
    // Wakes the acceptor, which is blocked in accept().
    tcp::socket knock(io_);
    knock.connect(acceptor_.local_endpoint(), ignored);
    acceptor_thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (Connection& connection : connections_)
        connection.socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
    for (Connection& connection : connections_) connection.thread.join();
  }

  int port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return count_; }

 private:
  struct Connection {
    explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}
    tcp::socket socket;
    std::thread thread;
  };

  class SocketPeer final : public Peer {
   public:
    SocketPeer(Impl& server, tcp::socket& socket) : server_(server), socket_(socket) {}

    bool shake_hands() override {
      if (!server_.tls_) return true;
      tls_.emplace(socket_, *server_.tls_);
      error_code error;
      tls_->handshake(asio::ssl::stream_base::server, error);
      return !error;
    }
    bool send(std::string_view bytes) override {
      error_code error;
      with_stream([&](auto& stream) { asio::write(stream, asio::buffer(bytes), error); });
      return !error;
    }
    std::optional<std::string> read(std::size_t bytes) override {
      error_code error;
      if (received_.size() < bytes) {
        const std::size_t more = bytes - received_.size();
        with_stream([&](auto& stream) {
          asio::read(stream, asio::dynamic_buffer(received_), asio::transfer_at_least(more), error);
        });
      }
      if (received_.size() < bytes) return std::nullopt;
      return taken(bytes);
    }
    std::optional<std::string> read_until(const std::string& end) override {
      error_code error;
      std::size_t size = 0;
      with_stream([&](auto& stream) {
        size = asio::read_until(stream, asio::dynamic_buffer(received_), end, error);
      });
      if (error) return std::nullopt;
      return taken(size);
    }
    void hold() override {
      std::unique_lock lock(server_.mutex_);
      server_.ending_.wait(lock, [this] { return server_.ends_.load(); });
    }
    void reset() override {
      error_code ignored;
      socket_.set_option(asio::socket_base::linger(true, 0), ignored);
      socket_.close(ignored);
    }
    bool server_ends() const override { return server_.ends_; }

   private:
    template <class Operation>
    void with_stream(const Operation& operation) {
      if (tls_) {
        operation(*tls_);
      } else {
        operation(socket_);
      }
    }
    std::string taken(std::size_t bytes) {
      std::string first = received_.substr(0, bytes);
      received_.erase(0, bytes);
      return first;
    }

    Impl& server_;
    tcp::socket& socket_;
    std::optional<asio::ssl::stream<tcp::socket&>> tls_;
    std::string received_;
  };

  void accept() {
    while (true) {
      error_code error;
      tcp::socket accepted = acceptor_.accept(error);
      if (ends_) return;
      if (error) continue;
      const int nth = ++count_;
      const std::lock_guard lock(mutex_);
      Connection& connection = connections_.emplace_back(std::move(accepted));
      connection.thread = std::thread([this, &connection, nth] { talk(connection.socket, nth); });
    }
  }

  void talk(tcp::socket& socket, int nth) {
    {
      SocketPeer peer(*this, socket);
      conversation_(peer, nth);
    }
    error_code ignored;
    const std::lock_guard lock(mutex_);
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  Conversation conversation_;
  asio::io_context io_;
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> ends_{false};
  std::atomic<int> count_{0};
  std::mutex mutex_;
  std::condition_variable ending_;
  std::list<Connection> connections_;  // stay where they are
  std::thread acceptor_thread_;
};

RawServer::RawServer(Conversation conversation, const std::filesystem::path& certificate)
    : impl_(std::make_unique<Impl>(std::move(conversation), certificate)) {}
RawServer::~RawServer() = default;
int RawServer::port() const {
  return impl_->port();
}
int RawServer::connections() const {
  return impl_->connections();
}

}  // namespace hftsim::test
