#include "adapters/exchange/websocket_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "adapters/exchange/outgoing_queue.h"
#include "adapters/exchange/websocket_subscriptions.h"
#include "adapters/net/pause.h"
#include "engine/core/clock.h"

namespace hftsim::exchange {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::use_awaitable;

constexpr std::size_t kMessageBytesMax = 64 * 1024;
constexpr std::size_t kSlowBytes = 8;  // in a frame

// Reads and writes run side by side as two coroutines, which keep the session.
template <class Stream>
class WebsocketSession final : public WebsocketClient,
                               public std::enable_shared_from_this<WebsocketSession<Stream>> {
 public:
  WebsocketSession(Stream stream, const WebsocketStart& start, ServerContext& context)
      : socket_(std::move(stream)),
        wake_(socket_.get_executor()),
        context_(context),
        subscriptions_(context, *this, start),
        queue_(context.faults) {
    context_.add(*this);
  }
  ~WebsocketSession() override { context_.remove(*this); }

  bool wants_combined() const override { return subscriptions_.is_combined(); }
  std::size_t waiting() const override { return queue_.size(); }
  void deliver(const StreamMessage& message) override;
  void close_after_queue() override {
    closes_ = true;
    wake_.cancel();
  }

  asio::awaitable<void> run(beast::http::request<beast::http::string_body> upgrade);

 private:
  websocket::stream_base::timeout timeouts() const;
  asio::awaitable<void> read();
  asio::awaitable<void> write();
  asio::awaitable<void> write_message(OutgoingMessage message);
  asio::awaitable<void> write_slowly(const OutgoingMessage& message);
  void say(std::string answer);
  bool says_too_much();
  void cut();

  websocket::stream<Stream> socket_;
  asio::steady_timer wake_;  // of the writer: it never expires
  ServerContext& context_;
  WebsocketSubscriptions subscriptions_;
  OutgoingQueue queue_;
  beast::http::request<beast::http::string_body> upgrade_;
  bool closes_ = false;  // when the queue is empty
  bool is_over_ = false;
  std::int64_t second_ = 0;  // of real time, in which `said_` messages came
  int said_ = 0;
};

template <class Stream>
void WebsocketSession<Stream>::cut() {
  is_over_ = true;
  wake_.cancel();
  beast::get_lowest_layer(socket_).close();
}

template <class Stream>
void WebsocketSession<Stream>::deliver(const StreamMessage& message) {
  if (is_over_ || closes_) return;
  if (queue_.size() >= context_.limits.queue_messages) {
    ++context_.counts.slow_consumers;
    is_over_ = true;
    // Not at once: the publisher is going through its clients.
    asio::post(socket_.get_executor(), [self = this->shared_from_this()] { self->cut(); });
    return;
  }
  queue_.add(message);
  wake_.cancel();
}

template <class Stream>
void WebsocketSession<Stream>::say(std::string answer) {
  queue_.add_answer(std::move(answer));
  wake_.cancel();
}

template <class Stream>
bool WebsocketSession<Stream>::says_too_much() {
  const std::int64_t second = monotonic_ns() / kSecond.value;
  if (second != second_) said_ = 0;
  second_ = second;
  return ++said_ > context_.messages_per_second();
}

template <class Stream>
websocket::stream_base::timeout WebsocketSession<Stream>::timeouts() const {
  const std::chrono::seconds silence(2 * context_.limits.ping_s);  // a ping goes out after half of it
  return {std::chrono::seconds(30), silence, true};
}

template <class Stream>
asio::awaitable<void> WebsocketSession<Stream>::write_slowly(const OutgoingMessage& message) {
  const std::string& text = *message.text;
  for (std::size_t sent = 0; sent < text.size(); sent += kSlowBytes) {
    const std::size_t bytes = std::min(kSlowBytes, text.size() - sent);
    co_await socket_.async_write_some(sent + bytes == text.size(), asio::buffer(text.data() + sent, bytes),
                                      use_awaitable);
    co_await net::pause(message.byte_pause);
  }
}

template <class Stream>
asio::awaitable<void> WebsocketSession<Stream>::write_message(OutgoingMessage message) {
  if (message.stall.value > 0) co_await net::pause(message.stall);
  if (message.disconnects) {
    co_await socket_.async_write_some(false, asio::buffer(message.text->data(), message.text->size() / 2),
                                      use_awaitable);
    co_return cut();
  }
  if (message.byte_pause.value > 0) {
    co_await write_slowly(message);
  } else {
    co_await socket_.async_write(asio::buffer(*message.text), use_awaitable);
  }
  ++context_.counts.messages_sent;
}

template <class Stream>
asio::awaitable<void> WebsocketSession<Stream>::write() {
  while (!is_over_) {
    if (!queue_.empty()) {
      const bool was_full = queue_.size() > context_.limits.backlog_messages;
      OutgoingMessage message = queue_.take();
      co_await write_message(std::move(message));
      if (was_full && queue_.size() <= context_.limits.backlog_messages) context_.wake_pump();
      continue;
    }
    if (closes_) co_return co_await socket_.async_close(websocket::close_code::going_away, use_awaitable);
    beast::error_code woken;
    wake_.expires_at(std::chrono::steady_clock::time_point::max());
    co_await wake_.async_wait(asio::redirect_error(use_awaitable, woken));
  }
}

template <class Stream>
asio::awaitable<void> WebsocketSession<Stream>::read() {
  beast::flat_buffer buffer;
  while (!is_over_) {
    co_await socket_.async_read(buffer, use_awaitable);
    if (says_too_much()) {
      ++context_.counts.over_limit;
      co_return co_await socket_.async_close(
          websocket::close_reason(websocket::close_code::policy_error, "Too many requests"), use_awaitable);
    }
    const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
    say(subscriptions_.answer(text));
    buffer.consume(buffer.size());
  }
}

template <class Stream>
asio::awaitable<void> WebsocketSession<Stream>::run(beast::http::request<beast::http::string_body> upgrade) {
  upgrade_ = std::move(upgrade);
  socket_.set_option(timeouts());
  socket_.read_message_max(kMessageBytesMax);
  socket_.text(true);
  co_await socket_.async_accept(upgrade_, use_awaitable);
  if (!subscriptions_.start()) {
    co_return co_await socket_.async_close(websocket::close_code::policy_error, use_awaitable);
  }
  const auto self = this->shared_from_this();
  asio::co_spawn(
      socket_.get_executor(), [self] { return self->write(); },
      [self](const std::exception_ptr& broken) {
        if (broken) self->cut();
      });
  // However it ends, the writer ends with it.
  try {
    co_await read();
  } catch (const boost::system::system_error&) {
  }
  is_over_ = true;
  wake_.cancel();
}

}  // namespace

template <class Stream>
asio::awaitable<void> serve_websocket(Stream stream,
                                      const beast::http::request<beast::http::string_body>& upgrade,
                                      const WebsocketStart& start, ServerContext& context) {
  const auto session = std::make_shared<WebsocketSession<Stream>>(std::move(stream), start, context);
  co_await session->run(upgrade);
}

template asio::awaitable<void> serve_websocket(beast::tcp_stream,
                                               const beast::http::request<beast::http::string_body>&,
                                               const WebsocketStart&, ServerContext&);
template asio::awaitable<void> serve_websocket(beast::ssl_stream<beast::tcp_stream>,
                                               const beast::http::request<beast::http::string_body>&,
                                               const WebsocketStart&, ServerContext&);

}  // namespace hftsim::exchange
