// What a client of the dashboard may send: a header, and a body. Nothing that comes out of it commands a session, for none
// has the token, and what is let through has one length.
#include <boost/beast/core/string.hpp>
#include <cstdlib>

#include "adapters/dashboard/site.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

using namespace dashboard;
namespace http = boost::beast::http;

const std::string kHost = "Host: 127.0.0.1:8080\r\n";

class UntouchedSession final : public Content {
 public:
  std::string snapshot() override { return "{}"; }
  std::string update() override { return "{}"; }
  bool command(Command) override { std::abort(); }
  Health health() override { return {}; }
  std::vector<prometheus::MetricFamily> metrics() override { return {}; }
};

// As connection.cpp does it, without sockets.
std::optional<Request> read(std::string_view text, const ServerLimits& limits) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  RequestParser parser;
  if (take_header(parser, text.substr(0, end + 4), limits)) return std::nullopt;
  text.remove_prefix(end + 4);
  boost::beast::error_code error;
  while (!parser.is_done() && !text.empty() && !error)
    text.remove_prefix(parser.put(boost::asio::buffer(text.data(), text.size()), error));
  if (error || !parser.is_done()) return std::nullopt;
  return parser.release();
}

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

std::vector<std::string> seeds() {
  const std::string post = "POST /api/command HTTP/1.1\r\n" + kHost + "Content-Type: application/json\r\n";
  return {"GET / HTTP/1.1\r\n" + kHost + "\r\n",
          "GET /live HTTP/1.1\r\n" + kHost +
              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://127.0.0.1:8080\r\n"
              "Sec-WebSocket-Protocol: hftsim, token.abc\r\n\r\n",
          post + "Authorization: Bearer abc\r\nContent-Length: 18\r\n\r\n{\"command\":\"stop\"}",
          post + "Transfer-Encoding: chunked\r\n\r\n12\r\n{\"command\":\"stop\"}\r\n0\r\n\r\n",
          post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET /metrics HTTP/1.1\r\n" + kHost + "X: a\r\n b\r\n\r\n"};
}

void run(std::span<const std::uint8_t> input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const ServerOptions options{.page = "<style></style><script></script>"};
  UntouchedSession session;
  Access access(8080, nullptr, 10);
  Site site(session, access, options, false);
  const std::optional<Request> request = read(text, options.limits);
  if (!request) return;
  expect(request->body().size() <= options.limits.body_bytes);
  expect(request->count(http::field::host) == 1);
  expect(request->count(http::field::content_length) + request->count(http::field::transfer_encoding) <= 1);
  if (const auto refusal = site.check(*request, boost::asio::ip::make_address("127.0.0.1"))) {
    expect(site.refuse(*refusal).result_int() >= 400);
  } else if (!Site::is_live(*request)) {
    expect(request->method() == http::verb::get);
    site.answer(*request);
  }
}

}  // namespace hftsim::fuzz
