#include "adapters/net/http_client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "adapters/lower_case.h"
#include "adapters/net/resolve.h"
#include "adapters/readable_text.h"

namespace hftsim::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using SteadyClock = std::chrono::steady_clock;
using Parser = http::response_parser<http::string_body>;

constexpr std::size_t kMessageValueBytesMax = 200;

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

HttpResponse taken_apart(Parser&& parser) {
  HttpResponse response;
  auto message = parser.release();
  response.status = message.result_int();
  for (const auto& field : message) {
    response.fields.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

// Every step is one asynchronous operation that is waited for, so that it can be given up.
class HttpClient::Connection {
 public:
  Connection(const Url& server, TlsContext& tls, const StopSignal& stop, const HttpLimits& limits)
      : server_(server), tls_context_(tls), stop_(stop), limits_(limits) {}

  HttpResponse get(const std::string& target) {
    place_ = server_.origin() + target;
    const bool reused = socket_.is_open();
    try {
      return exchange(target);
    } catch (const ConnectionBroken&) {
      close();
      // A server may close what has been idle; that is nobody's failure.
      if (!reused || heard_ || late_) throw;
    } catch (...) {
      close();
      throw;
    }
    try {
      return exchange(target);
    } catch (...) {
      close();
      throw;
    }
  }

 private:
  HttpResponse exchange(const std::string& target) {
    heard_ = late_ = false;
    stop_.check();
    if (!socket_.is_open()) open();
    const auto deadline = SteadyClock::now() + limits_.response;
    send(target, deadline);
    Parser parser;
    parser.header_limit(limits_.field_bytes_max);
    parser.body_limit(limits_.body_bytes_max);
    read_fields(parser, deadline);
    if (!parser.is_done()) {
      check(wait(deadline,
                 [&](auto done) {
                   with_stream(
                       [&](auto& stream) { http::async_read(stream, buffer_, parser, std::move(done)); });
                 }),
            "reading the body");
    }
    // What comes behind the announced length belongs to no response.
    if (!parser.get().keep_alive() || parser.need_eof() || buffer_.size() > 0) close();
    return taken_apart(std::move(parser));
  }

  void open() {
    buffer_.clear();
    const auto deadline = SteadyClock::now() + limits_.connect;
    const Resolved server = resolve(server_.host, server_.port, deadline, stop_);
    if (server.error == asio::error::host_not_found) throw IoFailure(place_ + ": no host " + server_.host);
    check(server.error, "resolving " + server_.host);
    check(wait(deadline,
               [&](auto done) {
                 asio::async_connect(socket_, server.endpoints,
                                     [done](error_code error, const tcp::endpoint&) { done(error, 0); });
               }),
          "connecting");
    socket_.set_option(tcp::no_delay(true));
    if (server_.tls) return shake_hands();
    if (socket_.remote_endpoint().address().is_loopback()) return;
    throw BadInput(place_, "an address of another machine",
                   "https://; plain http:// goes to this machine alone");
  }

  void shake_hands() {
    tls_.emplace(socket_, tls_context_.native());
    expect_host(tls_->native_handle(), server_.host);
    const error_code error = wait(SteadyClock::now() + limits_.handshake, [&](auto done) {
      tls_->async_handshake(asio::ssl::stream_base::client, [done](error_code result) { done(result, 0); });
    });
    const std::string complaint = error ? certificate_complaint(tls_->native_handle()) : "";
    if (!complaint.empty()) {
      throw BadInput(place_, "a certificate that does not hold: " + complaint,
                     "one for " + server_.host + " by an authority that this system or --ca-file knows");
    }
    if (error.category() == asio::error::get_ssl_category()) {
      throw BadInput(place_, "no TLS handshake: " + error.message(), "a server that speaks TLS 1.2 or later");
    }
    check(error, "TLS handshake");
  }

  void send(const std::string& target, SteadyClock::time_point deadline) {
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, server_.authority());
    request.set(http::field::user_agent, "hftsim");
    request.set(http::field::accept, "application/json");
    check(wait(deadline,
               [&](auto done) {
                 with_stream([&](auto& stream) { http::async_write(stream, request, std::move(done)); });
               }),
          "sending the request");
  }

  void read_fields(Parser& parser, SteadyClock::time_point deadline) {
    const error_code error = wait(deadline, [&](auto done) {
      with_stream([&](auto& stream) { http::async_read_header(stream, buffer_, parser, std::move(done)); });
    });
    heard_ = parser.got_some() || buffer_.size() > 0;
    check(error, "reading the response");
    const auto coding = parser.get()[http::field::content_encoding];
    if (!coding.empty() && coding != "identity") {
      throw BadInput(place_, "Content-Encoding " + readable_text(std::string(coding), kMessageValueBytesMax),
                     "a body that is not compressed, as it was asked for");
    }
  }

  template <class Operation>
  void with_stream(const Operation& operation) {
    if (tls_) {
      operation(*tls_);
    } else {
      operation(socket_);
    }
  }

  // Starts an operation and lets it run to its end; beyond the deadline, or when told to stop, it is given up.
  template <class Start>
  error_code wait(SteadyClock::time_point deadline, const Start& start) {
    std::optional<error_code> result;
    bool stopped = false;
    late_ = false;
    start([&result](error_code error, std::size_t) { result = error; });
    while (!result) {
      io_.restart();
      io_.run_one_until(late_ ? SteadyClock::now() + kStopPoll
                              : std::min(SteadyClock::now() + kStopPoll, deadline));
      if (result || late_ || stopped) continue;
      stopped = stop_.requested();
      late_ = SteadyClock::now() >= deadline;
      if (late_ || stopped) shut_socket();
    }
    if (stopped) stop_.check();
    return late_ && *result ? error_code(asio::error::timed_out) : *result;
  }

  // Which errors may be over the next time, and which will not.
  void check(error_code error, const std::string& doing) const {
    if (!error) return;
    if (error == http::error::body_limit) {
      throw BadInput(place_, fmt::format("a body of more than {} bytes", limits_.body_bytes_max),
                     "a shorter one");
    }
    if (error == http::error::header_limit) {
      throw BadInput(place_, fmt::format("more than {} bytes of fields", limits_.field_bytes_max), "fewer");
    }
    const bool cut_off = error == http::error::partial_message || error == http::error::end_of_stream;
    if (!cut_off && error.category() == make_error_code(http::error::bad_version).category()) {
      throw BadInput(place_, "no HTTP response (" + error.message() + ")", "HTTP/1.1");
    }
    const bool late = error == asio::error::timed_out;
    throw ConnectionBroken(fmt::format("{}: {}: {}", place_, doing,
                                       late      ? "took too long"
                                       : cut_off ? "connection closed"
                                                 : error.message()));
  }

  void shut_socket() {
    error_code ignored;
    socket_.close(ignored);
  }

  void close() {
    shut_socket();
    tls_.reset();
    buffer_.clear();
  }

  Url server_;
  TlsContext& tls_context_;
  const StopSignal& stop_;
  HttpLimits limits_;
  asio::io_context io_;
  tcp::socket socket_{io_};
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  boost::beast::flat_buffer buffer_{64 * 1024};  // its most: fields or one read of a body
  std::string place_;
  bool heard_ = false;  // something of a response came
  bool late_ = false;   // the last step took too long
};

HttpClient::HttpClient(const Url& base, TlsContext& tls, const StopSignal& stop, const HttpLimits& limits)
    : base_(base), path_(base.target), limits_(limits) {
  if (path_.find('?') != std::string::npos) {
    throw BadInput("base URL", "'" + base.origin() + base.target + "'", "no query in it");
  }
  while (path_.ends_with('/')) path_.pop_back();
  connection_ = std::make_unique<Connection>(base, tls, stop, limits);
}

HttpClient::~HttpClient() = default;

std::string HttpClient::url(const std::string& target) const {
  return base_.origin() + path_ + target;
}

HttpResponse HttpClient::get(const std::string& target) {
  std::string at = path_ + target;
  for (int redirects = 0; redirects <= limits_.redirects_max; ++redirects) {
    HttpResponse response = connection_->get(at);
    if (!is_redirect(response.status)) return response;
    at = same_server_target(response, at);
  }
  throw BadInput(url(target), fmt::format("more than {} redirects", limits_.redirects_max), "an answer");
}

std::string HttpClient::same_server_target(const HttpResponse& response, const std::string& from) const {
  const std::string place = base_.origin() + from;
  const std::string location(response.field("Location").value_or(""));
  const bool is_path = location.starts_with('/') && !location.starts_with("//");
  const Url to = parse_url(is_path ? base_.origin() + location : location, place + ": redirect");
  if (to.origin() == base_.origin()) return to.target;
  throw BadInput(place, "a redirect to " + to.origin(), "an answer from " + base_.origin() + " itself");
}

}  // namespace hftsim::net
