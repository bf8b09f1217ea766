#include "adapters/live/websocket_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <charconv>
#include <chrono>
#include <type_traits>

#include "adapters/readable_text.h"
#include "engine/core/clock.h"

namespace hftsim::live {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using beast::error_code;
using tcp = asio::ip::tcp;
using Plain = websocket::stream<beast::tcp_stream>;
using Secure = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

constexpr std::chrono::milliseconds kGoodbye{200};
constexpr std::int64_t kRetryAfterMax_s = 3600;
constexpr std::size_t kReasonBytesMax = 123;  // of a close frame

std::chrono::nanoseconds chrono_of(Duration duration) {
  return std::chrono::nanoseconds(duration.value);
}

// A refusal that will be one the next time, too: nothing at that path, not from this country. Not those of a limit: 403
// is the exchange's firewall's.
bool is_hopeless_status(unsigned status) {
  return status >= 400 && status < 500 && status != 403 && status != 408 && status != 418 && status != 429;
}

template <class Stream>
class Connection final : public WebsocketConnection, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  static constexpr bool kTls = std::is_same_v<Stream, Secure>;

  template <class... Tls>
  Connection(asio::io_context& io, const net::Url& url, const WebsocketLimits& limits,
             WebsocketHandler& handler, Tls&... tls)
      : url_(url),
        name_(websocket_origin(url)),
        limits_(limits),
        handler_(handler),
        resolver_(io),
        deadline_(io),
        socket_(io, tls...) {}

  void open() {
    expire_after(limits_.connect, "connecting");
    error_code no_address;
    const auto address = asio::ip::make_address(url_.host, no_address);
    if (!no_address) return connect(std::vector<tcp::endpoint>{{address, url_.port}});
    resolver_.async_resolve(url_.host, std::to_string(url_.port),
                            [self = this->shared_from_this()](error_code error, const auto& found) {
                              if (self->has_failed(error, "resolving " + self->url_.host)) return;
                              self->connect(std::vector<tcp::endpoint>(found.begin(), found.end()));
                            });
  }

  void close() override {
    if (is_over_) return;
    if (!is_open_) return end({.trouble = "closed"});
    expire_after(Duration(std::chrono::nanoseconds(kGoodbye).count()), "closing");
    socket_.async_close(websocket::close_code::normal,
                        [self = this->shared_from_this()](error_code) { self->end({.trouble = "closed"}); });
  }

  void cut() override {
    is_over_ = true;
    resolver_.cancel();
    deadline_.cancel();
    error_code ignored;
    beast::get_lowest_layer(socket_).socket().close(ignored);
  }

 private:
  void expire_after(Duration duration, const char* doing) {
    deadline_.expires_after(chrono_of(duration));
    deadline_.async_wait([self = this->shared_from_this(), doing](error_code error) {
      if (!error) self->end({.trouble = self->name_ + ": " + doing + ": took too long"});
    });
  }

  void end(ConnectionEnd how) {
    if (is_over_) return;
    how.was_open = is_open_;
    cut();
    handler_.on_end(how);
  }

  bool has_failed(error_code error, const std::string& doing) {
    if (is_over_) return true;
    if (error) end({.trouble = fmt::format("{}: {}: {}", name_, doing, error.message())});
    return static_cast<bool>(error);
  }

  void connect(const std::vector<tcp::endpoint>& endpoints) {
    beast::get_lowest_layer(socket_).async_connect(
        endpoints, [self = this->shared_from_this()](error_code error, const tcp::endpoint&) {
          if (!self->has_failed(error, "connecting")) self->connected();
        });
  }

  void connected() {
    tcp::socket& socket = beast::get_lowest_layer(socket_).socket();
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    expire_after(limits_.handshake, "handshake");
    if constexpr (kTls) {
      net::expect_host(socket_.next_layer().native_handle(), url_.host);
      socket_.next_layer().async_handshake(
          asio::ssl::stream_base::client,
          [self = this->shared_from_this()](error_code error) { self->shaken(error); });
    } else {
      const auto peer = socket.remote_endpoint(ignored);
      if (!ignored && peer.address().is_loopback()) return upgrade();
      end({.trouble = name_ + ": ws:// goes to this machine alone; wss:// is expected", .is_hopeless = true});
    }
  }

  void shaken(error_code error) {
    if constexpr (kTls) {
      if (is_over_) return;
      const std::string complaint =
          error ? net::certificate_complaint(socket_.next_layer().native_handle()) : "";
      if (!complaint.empty()) {
        return end(
            {.trouble = fmt::format("{}: got a certificate that does not hold: {}, expected one for {} by an "
                                    "authority that this system or the file given knows",
                                    name_, complaint, url_.host),
             .is_hopeless = true});
      }
      if (!has_failed(error, "TLS handshake")) upgrade();
    }
  }

  void upgrade() {
    beast::get_lowest_layer(socket_).expires_never();
    socket_.set_option(
        websocket::stream_base::timeout{chrono_of(limits_.handshake), chrono_of(limits_.stall), true});
    socket_.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(beast::http::field::user_agent, "hftsim"); }));
    socket_.read_message_max(limits_.message_bytes_max);
    socket_.async_handshake(response_, url_.authority(), url_.target,
                            [self = this->shared_from_this()](error_code error) { self->upgraded(error); });
  }

  void upgraded(error_code error) {
    if (is_over_) return;
    if (error == websocket::error::upgrade_declined) return declined();
    if (has_failed(error, "websocket handshake")) return;
    deadline_.cancel();
    is_open_ = true;
    handler_.on_open();
    if (!is_over_) read();
  }

  void declined() {
    const unsigned status = response_.result_int();
    ConnectionEnd how{
        .trouble = fmt::format("{}{}: got status {}, expected a websocket", name_, url_.target, status),
        .is_hopeless = is_hopeless_status(status)};
    const std::string text(response_[beast::http::field::retry_after]);
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    how.retry_after = std::clamp<std::int64_t>(seconds, 0, kRetryAfterMax_s) * kSecond;
    end(how);
  }

  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](error_code error, std::size_t) {
      const std::int64_t read_ns = monotonic_ns();
      if (self->is_over_) return;
      if (error) return self->broken(error);
      const auto data = self->buffer_.data();
      self->handler_.on_message({static_cast<const char*>(data.data()), data.size()}, read_ns);
      self->buffer_.consume(self->buffer_.size());
      if (!self->is_over_) self->read();
    });
  }

  void broken(error_code error) {
    end({.trouble = name_ + ": " + what_broke(error),
         .is_stalled = error == beast::error::timeout,
         .is_oversized = is_too_big(error)});
  }

  static bool is_too_big(error_code error) {
    return error == websocket::error::message_too_big || error == websocket::error::buffer_overflow;
  }

  std::string what_broke(error_code error) const {
    if (error == websocket::error::closed) {
      return fmt::format(
          "closed by the server: {} {}", int{socket_.reason().code},
          readable_text(std::string_view(socket_.reason().reason.data(), socket_.reason().reason.size()),
                        kReasonBytesMax));
    }
    if (error == beast::error::timeout) return "no sign of life for too long";
    if (is_too_big(error)) return fmt::format("a message of more than {} bytes", limits_.message_bytes_max);
    const bool is_end = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
    return is_end ? "the connection ended without a farewell" : error.message();
  }

  net::Url url_;
  std::string name_;
  WebsocketLimits limits_;
  WebsocketHandler& handler_;
  tcp::resolver resolver_;
  asio::steady_timer deadline_;
  Stream socket_;
  beast::flat_buffer buffer_;
  websocket::response_type response_;
  bool is_open_ = false, is_over_ = false;
};

}  // namespace

std::string websocket_origin(const net::Url& url) {
  return (url.tls ? "wss://" : "ws://") + url.authority();
}

std::shared_ptr<WebsocketConnection> open_websocket(asio::io_context& io, net::TlsContext& tls,
                                                    const net::Url& url, const WebsocketLimits& limits,
                                                    WebsocketHandler& handler) {
  if (url.tls) {
    const auto connection = std::make_shared<Connection<Secure>>(io, url, limits, handler, tls.native());
    connection->open();
    return connection;
  }
  const auto connection = std::make_shared<Connection<Plain>>(io, url, limits, handler);
  connection->open();
  return connection;
}

}  // namespace hftsim::live
