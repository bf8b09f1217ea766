#include "adapters/exchange/connection.h"

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>
#include <sstream>

#include "adapters/exchange/outgoing_queue.h"
#include "adapters/exchange/request_target.h"
#include "adapters/exchange/websocket_session.h"
#include "adapters/net/pause.h"
#include "engine/core/errors.h"

namespace hftsim::exchange {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;
constexpr std::uint64_t kBodyBytesMax = 64 * 1024;
constexpr auto kIdle = std::chrono::seconds(60);
constexpr std::size_t kSlowBytes = 256;  // at a time

struct Peer {
  ServerContext& context;
  std::string address;
};

Response respond(const Request& request, const RestAnswer& answer) {
  Response response(static_cast<http::status>(answer.status), request.version());
  response.set(http::field::server, "hftsim");
  response.set(http::field::content_type, "application/json;charset=UTF-8");
  if (answer.used_weight >= 0) {
    response.set("X-MBX-USED-WEIGHT", std::to_string(answer.used_weight));
    response.set("X-MBX-USED-WEIGHT-1M", std::to_string(answer.used_weight));
  }
  if (answer.retry_after_s > 0) response.set(http::field::retry_after, std::to_string(answer.retry_after_s));
  response.body() = answer.body;
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

std::string_view to_view(beast::string_view text) {
  return {text.data(), text.size()};
}

RestAnswer answer_faults(ServerContext& context, const Request& request) {
  try {
    if (request.method() == http::verb::delete_) {
      context.clear_faults();
    } else if (request.method() == http::verb::post) {
      context.set_faults(request.body());
    }
  } catch (const BadInput& error) {
    return {.status = 400, .body = std::string(error.what()) + "\n"};
  }
  return {.body = context.stats_json()};
}

// What the exchange does not have: this server's own controls, which no fault strikes.
std::optional<RestAnswer> answer_control(ServerContext& context, const Request& request) {
  if (request.target() == "/hftsim/stats") return RestAnswer{.body = context.stats_json()};
  if (request.target() == "/hftsim/faults") return answer_faults(context, request);
  return std::nullopt;
}

// A status that a fault says instead of the answer.
std::optional<RestAnswer> refusal(FaultPlan& faults, std::string_view target) {
  const auto strikes = [&](Fault fault) {
    return faults.strikes(fault, FaultSide::rest, target);
  };
  if (strikes(Fault::too_many_requests)) {
    RestAnswer answer =
        error_answer({429, -1003, "Too many requests; please use the websocket for live updates."});
    answer.retry_after_s = 1;
    return answer;
  }
  if (strikes(Fault::banned)) {
    RestAnswer answer = error_answer({418, -1003, "Way too many requests; IP banned for a second."});
    answer.retry_after_s = 1;
    return answer;
  }
  if (strikes(Fault::unavailable))
    return error_answer({503, -1001, "Internal error; unable to process your request."});
  return std::nullopt;
}

RestAnswer answer_request(Peer& peer, const Request& request, FaultPlan& faults) {
  const std::string_view target = to_view(request.target());
  if (std::optional<RestAnswer> refused = refusal(faults, target)) return *std::move(refused);
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return error_answer({405, -1000, "Method not allowed: GET is."});
  }
  RestAnswer answer = peer.context.answer(target, peer.address);
  if (faults.strikes(Fault::malformed, FaultSide::rest, target)) answer.body = malformed(answer.body, faults);
  return answer;
}

// Writes the bytes, or some of them, as the faults want it; false where the connection is to end.
template <class Stream>
asio::awaitable<bool> write_struck(Stream& stream, const std::string& bytes, FaultPlan& faults,
                                   std::string_view target) {
  const auto strikes = [&](Fault fault) {
    return faults.strikes(fault, FaultSide::rest, target);
  };
  if (strikes(Fault::stall)) co_await net::pause(faults.duration(Fault::stall, FaultSide::rest));
  if (strikes(Fault::disconnect)) {
    co_await asio::async_write(stream, asio::buffer(bytes.data(), faults.below(bytes.size())), use_awaitable);
    co_return false;
  }
  const bool is_slow = strikes(Fault::slow);
  const std::size_t step = is_slow ? kSlowBytes : bytes.size();
  for (std::size_t sent = 0; sent < bytes.size(); sent += step) {
    if (is_slow) beast::get_lowest_layer(stream).expires_after(kIdle);
    co_await asio::async_write(stream, asio::buffer(bytes.data() + sent, std::min(step, bytes.size() - sent)),
                               use_awaitable);
    if (is_slow) co_await net::pause(faults.duration(Fault::slow, FaultSide::rest));
  }
  co_return true;
}

template <class Stream>
asio::awaitable<bool> write_response(Stream& stream, const Response& response) {
  std::ostringstream text;
  text << response;
  const std::string bytes = text.str();
  co_await asio::async_write(stream, asio::buffer(bytes), use_awaitable);
  co_return response.keep_alive();
}

template <class Stream>
asio::awaitable<bool> answer_one(Stream& stream, Peer& peer, const Request& request) {
  ServerContext& context = peer.context;
  if (const std::optional<RestAnswer> control = answer_control(context, request)) {
    co_return co_await write_response(stream, respond(request, *control));
  }
  const RestAnswer answer = answer_request(peer, request, context.faults);
  ++context.counts.answers[answer.status];
  Response response = respond(request, answer);
  if (request.method() == http::verb::head) response.body().clear();
  if (!context.faults.any(FaultSide::rest)) co_return co_await write_response(stream, response);
  std::ostringstream text;
  text << response;
  const bool goes_on = co_await write_struck(stream, text.str(), context.faults, to_view(request.target()));
  co_return goes_on&& response.keep_alive();
}

// What cannot be read as a request is answered where the exchange would, and ends the connection.
template <class Stream>
asio::awaitable<void> answer_unreadable(Stream& stream, const beast::error_code& error) {
  int status = 400;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) status = 431;
  if (error == http::error::body_limit) status = 413;
  Request request(http::verb::get, "/", 11);
  request.keep_alive(false);
  const RestAnswer answer = error_answer({status, -1000, "The request could not be read."});
  co_await write_response(stream, respond(request, answer));
}

bool is_parse_error(const beast::error_code& error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

// A websocket at a path where there is one; false where the request was answered like any other.
template <class Stream>
asio::awaitable<bool> upgraded(Stream& stream, Peer& peer, const Request& request) {
  const std::optional<WebsocketStart> start = websocket_start(to_view(request.target()));
  if (!start || !beast::websocket::is_upgrade(request)) co_return false;
  if (const std::optional<RestAnswer> refused = refusal(peer.context.faults, to_view(request.target()))) {
    ++peer.context.counts.answers[refused->status];
    co_await write_response(stream, respond(request, *refused));
    co_return true;
  }
  beast::get_lowest_layer(stream).expires_never();
  co_await serve_websocket(std::move(stream), request, *start, peer.context);
  co_return true;
}

template <class Stream>
asio::awaitable<void> serve_requests(Stream& stream, Peer peer) {
  beast::flat_buffer buffer;
  for (bool goes_on = true; goes_on;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kHeaderBytesMax);
    parser.body_limit(kBodyBytesMax);
    beast::get_lowest_layer(stream).expires_after(kIdle);
    beast::error_code error;
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
    if (is_parse_error(error)) co_await answer_unreadable(stream, error);
    if (error) co_return;
    const Request request = parser.release();
    if (co_await upgraded(stream, peer, request)) co_return;
    goes_on = co_await answer_one(stream, peer, request);
  }
}

asio::awaitable<void> serve_plain(asio::ip::tcp::socket socket, Peer peer) {
  beast::tcp_stream stream(std::move(socket));
  co_await serve_requests(stream, std::move(peer));
}

asio::awaitable<void> serve_tls(asio::ip::tcp::socket socket, asio::ssl::context& tls, Peer peer) {
  beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), tls);
  beast::get_lowest_layer(stream).expires_after(kIdle);
  co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
  co_await serve_requests(stream, std::move(peer));
}

}  // namespace

void serve_connection(asio::ip::tcp::socket socket, asio::ssl::context* tls, ServerContext& context) {
  beast::error_code error;
  const auto address = socket.remote_endpoint(error).address();
  if (error) return;  // gone already
  ++context.counts.connections;
  const auto executor = socket.get_executor();
  Peer peer{context, address.to_string()};
  // How a connection ends is its client's affair: what breaks it is thrown and ends here.
  const auto ended = [](const std::exception_ptr&) {
  };
  if (tls == nullptr) {
    asio::co_spawn(executor, serve_plain(std::move(socket), std::move(peer)), ended);
  } else {
    asio::co_spawn(executor, serve_tls(std::move(socket), *tls, std::move(peer)), ended);
  }
}

}  // namespace hftsim::exchange
