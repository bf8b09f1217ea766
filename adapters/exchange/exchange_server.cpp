#include "adapters/exchange/exchange_server.h"

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <csignal>
#include <optional>

#include "adapters/exchange/connection.h"
#include "adapters/exchange/market_pump.h"
#include "adapters/net/accept_clients.h"
#include "adapters/net/listening.h"
#include "adapters/net/pause.h"

namespace hftsim::exchange {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr Duration kGoodbye{500'000'000};       // for the clients to take their leave
constexpr Duration kDrain{10 * kSecond.value};  // for what is still to be sent at the source's end

}  // namespace

struct ExchangeServer::Parts {
  Parts(ServerContext& server_context, ServerOptions server_options)
      : context(server_context),
        options(std::move(server_options)),
        tls(net::server_tls(options.tls)),
        acceptor(net::listening(io, options.address, options.port, "--address")),
        signals(io, SIGINT, SIGTERM),
        pump(io, context, options.waits_for_client) {}
  ~Parts() {
    context.wake_pump = [] {
    };
  }

  asio::awaitable<void> accept();
  asio::awaitable<void> say_goodbye(Duration most);
  asio::awaitable<void> run_source();
  void end(Duration most);

  ServerContext& context;
  ServerOptions options;
  asio::io_context io{1};
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor;
  asio::signal_set signals;
  MarketPump pump;
  bool is_ending = false;
  std::exception_ptr failure;
};

asio::awaitable<void> ExchangeServer::Parts::accept() {
  return net::accept_clients(acceptor, [this](tcp::socket socket) {
    serve_connection(std::move(socket), tls ? &*tls : nullptr, context);
  });
}

asio::awaitable<void> ExchangeServer::Parts::say_goodbye(Duration most) {
  constexpr Duration kLook{10'000'000};
  for (WebsocketClient* client : context.clients()) client->close_after_queue();
  for (Duration waited{0}; !context.clients().empty() && waited < most; waited += kLook)
    co_await net::pause(kLook);
  io.stop();
}

void ExchangeServer::Parts::end(Duration most) {
  if (is_ending) return io.stop();
  is_ending = true;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  asio::co_spawn(io, say_goodbye(most), [](const std::exception_ptr&) {});
}

asio::awaitable<void> ExchangeServer::Parts::run_source() {
  co_await pump.run();
  context.is_at_end = true;
  if (options.ends_with_source) end(kDrain);
}

ExchangeServer::ExchangeServer(ServerContext& context, ServerOptions options)
    : parts_(std::make_unique<Parts>(context, std::move(options))) {}

ExchangeServer::~ExchangeServer() = default;

std::uint16_t ExchangeServer::port() const {
  return parts_->acceptor.local_endpoint().port();
}

std::string ExchangeServer::url() const {
  return net::server_url(parts_->tls.has_value(), parts_->options.address, port());
}

void ExchangeServer::run() {
  Parts& parts = *parts_;
  parts.signals.async_wait([&parts](const boost::system::error_code& error, int) {
    if (!error) parts.end(kGoodbye);
  });
  asio::co_spawn(parts.io, parts.accept(), [](const std::exception_ptr&) {});
  asio::co_spawn(parts.io, parts.run_source(), [&parts](const std::exception_ptr& failure) {
    parts.failure = failure;
    if (failure) parts.end(kGoodbye);
  });
  parts.io.run();
  if (parts.failure) std::rethrow_exception(parts.failure);
}

void ExchangeServer::stop() {
  parts_->end(kGoodbye);
}

}  // namespace hftsim::exchange
