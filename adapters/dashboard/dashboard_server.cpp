#include "adapters/dashboard/dashboard_server.h"

#include <openssl/ssl.h>

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <thread>

#include "adapters/dashboard/connection.h"
#include "adapters/net/accept_clients.h"
#include "adapters/net/listening.h"
#include "adapters/net/pause.h"
#include "engine/core/errors.h"

namespace hftsim::dashboard {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kSendBufferBytes = 256 * 1024;  // of the system, for a client that takes too slowly
constexpr Duration kGoodbye{300'000'000};     // for the browsers to take their leave

Duration duration_of(std::chrono::milliseconds time) {
  return Duration(std::chrono::nanoseconds(time).count());
}

ServerOptions checked(ServerOptions options) {
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (options.tls.certificate.empty() != options.tls.key.empty())
    throw BadInput("--dashboard-cert and --dashboard-key", "one of them", "both: certificate and key in PEM");
  if (!error && !address.is_loopback() && options.tls.certificate.empty())
    throw BadInput("--dashboard", "'" + options.address + "'",
                   "127.0.0.1 or ::1; other addresses need --dashboard-cert and --dashboard-key");
  return options;
}

}  // namespace

struct DashboardServer::Parts {
  explicit Parts(ServerOptions server_options)
      : options(checked(std::move(server_options))),
        tls(net::server_tls(options.tls)),
        io(std::make_unique<asio::io_context>(1)),
        acceptor(net::listening(*io, options.address, options.port, "--dashboard")),
        endpoint(acceptor->local_endpoint()),
        access(endpoint.port(), tls ? SSL_CTX_get0_certificate(tls->native_handle()) : nullptr,
               options.limits.wrong_tokens_a_minute) {}

  asio::awaitable<void> accept();
  asio::awaitable<void> update();
  asio::awaitable<void> say_goodbye();
  void run(Content& content);
  void end();

  ServerOptions options;
  std::optional<asio::ssl::context> tls;
  std::optional<Site> site;              // the connections in `io` know it: they are gone before it
  std::unique_ptr<asio::io_context> io;  // null: stopped
  std::optional<tcp::acceptor> acceptor;
  tcp::endpoint endpoint;
  Access access;
  std::thread thread;
};

asio::awaitable<void> DashboardServer::Parts::accept() {
  return net::accept_clients(*acceptor, [this](tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::send_buffer_size(kSendBufferBytes), ignored);
    serve_connection(std::move(socket), tls ? &*tls : nullptr, *site);
  });
}

asio::awaitable<void> DashboardServer::Parts::update() {
  while (true) {
    co_await net::pause(duration_of(options.limits.update));
    try {
      site->hub.update();
    } catch (const std::exception&) {
      ++site->counts.failures;
    }
  }
}

asio::awaitable<void> DashboardServer::Parts::say_goodbye() {
  constexpr Duration kLook{10'000'000};
  site->hub.close();
  for (Duration waited{0}; site->counts.browsers > 0 && waited < kGoodbye; waited += kLook)
    co_await net::pause(kLook);
  io->stop();
}

void DashboardServer::Parts::end() {
  boost::system::error_code ignored;
  acceptor->close(ignored);
  asio::co_spawn(*io, say_goodbye(), [](const std::exception_ptr&) {});
}

DashboardServer::DashboardServer(ServerOptions options)
    : parts_(std::make_unique<Parts>(std::move(options))) {}

DashboardServer::~DashboardServer() {
  stop();
}

void DashboardServer::start(Content& content) {
  Parts& parts = *parts_;
  const bool is_guarded = !parts.endpoint.address().is_loopback();
  parts.site.emplace(content, parts.access, parts.options, is_guarded);
  asio::co_spawn(*parts.io, parts.accept(), [](const std::exception_ptr&) {});
  asio::co_spawn(*parts.io, parts.update(), [](const std::exception_ptr&) {});
  parts.thread = std::thread([&parts] { parts.io->run(); });
}

void DashboardServer::stop() {
  Parts& parts = *parts_;
  if (!parts.thread.joinable()) return;
  asio::post(*parts.io, [&parts] { parts.end(); });
  parts.thread.join();
  parts.acceptor.reset();
  parts.io.reset();  // and with it the connections that took no leave
}

std::uint16_t DashboardServer::port() const {
  return parts_->endpoint.port();
}

std::string DashboardServer::url() const {
  return net::server_url(parts_->tls.has_value(), parts_->options.address, port());
}

const std::string& DashboardServer::token() const {
  return parts_->access.token().text();
}

}  // namespace hftsim::dashboard
