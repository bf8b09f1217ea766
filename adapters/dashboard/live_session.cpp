#include "adapters/dashboard/live_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>

#include "adapters/dashboard/send_queue.h"

namespace hftsim::dashboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::use_awaitable;
using Instant = std::chrono::steady_clock::time_point;

constexpr std::size_t kMessageBytesMax = 1024;  // of what no browser says
constexpr std::chrono::seconds kSilence{60};    // a ping goes out after half of it

// Reads and writes run side by side as two coroutines, which keep the session.
template <class Stream>
class LiveSession final : public LiveBrowser, public std::enable_shared_from_this<LiveSession<Stream>> {
 public:
  LiveSession(Stream stream, Site& site)
      : socket_(std::move(stream)),
        wake_(socket_.get_executor()),
        site_(site),
        queue_(site.limits().updates_waiting) {}
  ~LiveSession() override { site_.hub.remove(*this); }

  void deliver(const Text& update) override {
    site_.counts.skipped_updates += queue_.add(update);
    wake_.cancel();
  }
  void check(Instant now) override;
  void close() override {
    closes_ = true;
    wake_.cancel();
  }

  asio::awaitable<void> run(const Request& upgrade);

 private:
  asio::awaitable<void> accept(const Request& upgrade);
  asio::awaitable<void> write();
  asio::awaitable<void> wait_until_closed_or_broken();
  void cut();

  websocket::stream<Stream> socket_;
  asio::steady_timer wake_;  // of the writer: it never expires
  Site& site_;
  SendQueue queue_;
  std::optional<Instant> writing_since_;
  bool closes_ = false;
  bool is_over_ = false;
};

template <class Stream>
void LiveSession<Stream>::cut() {
  is_over_ = true;
  wake_.cancel();
  beast::get_lowest_layer(socket_).close();
}

template <class Stream>
void LiveSession<Stream>::check(Instant now) {
  if (is_over_ || !writing_since_ || now - *writing_since_ < site_.limits().slow) return;
  ++site_.counts.slow_browsers;
  cut();
}

template <class Stream>
asio::awaitable<void> LiveSession<Stream>::write() {
  site_.hub.add(*this);
  while (!is_over_) {
    if (closes_) co_return co_await socket_.async_close(websocket::close_code::going_away, use_awaitable);
    if (const Text text = queue_.take(site_.hub)) {
      writing_since_ = std::chrono::steady_clock::now();
      co_await socket_.async_write(asio::buffer(*text), use_awaitable);
      writing_since_.reset();
      continue;
    }
    beast::error_code woken;
    wake_.expires_at(Instant::max());
    co_await wake_.async_wait(asio::redirect_error(use_awaitable, woken));
  }
}

// Pings and the end are read here. A browser that says something is none of ours.
template <class Stream>
asio::awaitable<void> LiveSession<Stream>::wait_until_closed_or_broken() {
  beast::flat_buffer buffer;
  beast::error_code error;
  co_await socket_.async_read(buffer, asio::redirect_error(use_awaitable, error));
  cut();
}

template <class Stream>
asio::awaitable<void> LiveSession<Stream>::accept(const Request& upgrade) {
  const bool names_protocol = offers_subprotocol(upgrade, "hftsim");
  socket_.set_option(websocket::stream_base::decorator([names_protocol](websocket::response_type& response) {
    response.set(beast::http::field::server, "hftsim");
    if (names_protocol) response.set(beast::http::field::sec_websocket_protocol, "hftsim");
  }));
  socket_.set_option(websocket::stream_base::timeout{site_.limits().request, kSilence, true});
  socket_.read_message_max(kMessageBytesMax);
  socket_.text(true);
  co_await socket_.async_accept(upgrade, use_awaitable);
}

template <class Stream>
asio::awaitable<void> LiveSession<Stream>::run(const Request& upgrade) {
  co_await accept(upgrade);
  ++site_.counts.answers[101];
  const auto self = this->shared_from_this();
  asio::co_spawn(
      socket_.get_executor(), [self] { return self->write(); },
      [self](const std::exception_ptr& broken) {
        if (broken) self->cut();
      });
  co_await wait_until_closed_or_broken();
}

}  // namespace

template <class Stream>
asio::awaitable<void> serve_live(Stream stream, const Request& upgrade, Site& site) {
  const auto session = std::make_shared<LiveSession<Stream>>(std::move(stream), site);
  co_await session->run(upgrade);
}

template asio::awaitable<void> serve_live(beast::tcp_stream, const Request&, Site&);
template asio::awaitable<void> serve_live(beast::ssl_stream<beast::tcp_stream>, const Request&, Site&);

}  // namespace hftsim::dashboard
