#include "adapters/dashboard/connection.h"

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

#include "adapters/dashboard/live_session.h"

namespace hftsim::dashboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::chrono::seconds kFarewell{1};
constexpr std::size_t kFarewellBytes = 64 * 1024;
constexpr std::size_t kTurnedAwayMost = 16;  // at a time; beyond that connections are closed without a word

// A connection as long as its coroutine lives.
class Open {
 public:
  explicit Open(ServerCounts& counts) : counts_(&counts) { ++counts.connections; }
  Open(Open&& other) noexcept : counts_(std::exchange(other.counts_, nullptr)) {}
  ~Open() {
    if (counts_ != nullptr) --counts_->connections;
  }

 private:
  ServerCounts* counts_;
};

bool is_parse_error(const beast::error_code& error) {
  return error.category() == make_error_code(http::error::bad_method).category();
}

struct Incoming {
  std::optional<Request> request = {};
  std::optional<Refusal> refusal = {};  // neither: the client is gone
};

Incoming not_read(const beast::error_code& error) {
  Incoming incoming;
  if (error == asio::error::not_found) {
    incoming.refusal = Refusal::header_too_large;
  } else if (error == beast::error::timeout) {
    incoming.refusal = Refusal::too_late;
  } else if (is_parse_error(error)) {
    incoming.refusal = refusal_of(error);
  }
  return incoming;
}

template <class Stream>
asio::awaitable<Incoming> read_request(Stream& stream, const ServerLimits& limits) {
  std::string bytes;
  beast::error_code error;
  const std::size_t header =
      co_await asio::async_read_until(stream, asio::dynamic_buffer(bytes, limits.header_bytes), "\r\n\r\n",
                                      asio::redirect_error(use_awaitable, error));
  if (error) co_return not_read(error);
  RequestParser parser;
  Incoming incoming;
  incoming.refusal = take_header(parser, std::string_view(bytes).substr(0, header), limits);
  if (incoming.refusal) co_return incoming;
  beast::flat_buffer body;
  body.commit(asio::buffer_copy(body.prepare(bytes.size() - header), asio::buffer(bytes) + header));
  if (!parser.is_done()) {
    co_await http::async_read(stream, body, parser, asio::redirect_error(use_awaitable, error));
    if (error) co_return not_read(error);
  }
  incoming.request = parser.release();
  co_return incoming;
}

// What the client still sends is read for a while, so that it gets the answer before it learns of the end (RFC 9112,
// 9.6).
asio::awaitable<void> close_gently(beast::tcp_stream& stream) {
  beast::error_code error;
  stream.expires_after(kFarewell);
  stream.socket().shutdown(asio::socket_base::shutdown_send, error);
  std::array<char, 4096> rest;
  for (std::size_t read = 0; !error && read < kFarewellBytes;) {
    read += co_await stream.async_read_some(asio::buffer(rest), asio::redirect_error(use_awaitable, error));
  }
}

asio::awaitable<void> close_gently(TlsStream& stream) {
  beast::error_code error;
  beast::get_lowest_layer(stream).expires_after(kFarewell);
  co_await stream.async_shutdown(asio::redirect_error(use_awaitable, error));
  co_await close_gently(beast::get_lowest_layer(stream));
}

template <class Stream>
asio::awaitable<void> write_response(Stream& stream, const Response& response, Site& site) {
  ++site.counts.answers[response.result_int()];
  beast::get_lowest_layer(stream).expires_after(site.limits().answer);
  http::serializer<false, http::string_body> serializer(response);
  co_await http::async_write(stream, serializer, use_awaitable);
  co_await close_gently(stream);
}

template <class Stream>
asio::awaitable<void> serve_request(Stream& stream, Site& site) {
  const asio::ip::address reached = beast::get_lowest_layer(stream).socket().local_endpoint().address();
  const Incoming incoming = co_await read_request(stream, site.limits());
  std::optional<Refusal> refusal = incoming.refusal;
  if (incoming.request) refusal = site.check(*incoming.request, reached);
  if (refusal == Refusal::too_late) co_return site.counts.refuse(*refusal);
  if (refusal) co_return co_await write_response(stream, site.refuse(*refusal), site);
  if (!incoming.request) co_return;
  if (!Site::is_live(*incoming.request)) {
    co_return co_await write_response(stream, site.answer(*incoming.request), site);
  }
  beast::get_lowest_layer(stream).expires_never();
  co_await serve_live(std::move(stream), *incoming.request, site);
}

asio::awaitable<void> serve_plain(asio::ip::tcp::socket socket, Open, Site& site) {
  beast::tcp_stream stream(std::move(socket));
  stream.expires_after(site.limits().request);
  co_await serve_request(stream, site);
}

asio::awaitable<void> serve_tls(asio::ip::tcp::socket socket, asio::ssl::context& tls, Open, Site& site) {
  TlsStream stream(beast::tcp_stream(std::move(socket)), tls);
  beast::get_lowest_layer(stream).expires_after(site.limits().request);
  co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await serve_request(stream, site);
}

asio::awaitable<void> turn_away(asio::ip::tcp::socket socket, Open, Site& site) {
  beast::tcp_stream stream(std::move(socket));
  co_await write_response(stream, site.refuse(Refusal::too_many), site);
}

}  // namespace

void serve_connection(asio::ip::tcp::socket socket, asio::ssl::context* tls, Site& site) {
  // What breaks a connection is thrown and ends here: the network's is its client's affair, the rest is counted.
  const auto ended = [&site](const std::exception_ptr& failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const boost::system::system_error&) {
    } catch (const std::exception&) {
      ++site.counts.failures;
    }
  };
  const auto executor = socket.get_executor();
  const std::size_t most = site.limits().connections;
  if (site.counts.connections < most) {
    Open open(site.counts);
    if (tls == nullptr)
      return asio::co_spawn(executor, serve_plain(std::move(socket), std::move(open), site), ended);
    return asio::co_spawn(executor, serve_tls(std::move(socket), *tls, std::move(open), site), ended);
  }
  // Over TLS nothing can be said before a handshake.
  if (tls != nullptr || site.counts.connections >= most + kTurnedAwayMost)
    return site.counts.refuse(Refusal::too_many);
  asio::co_spawn(executor, turn_away(std::move(socket), Open(site.counts), site), ended);
}

}  // namespace hftsim::dashboard
