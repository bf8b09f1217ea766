// The server over real sockets, in this process, so that sanitizers see it. It ends with its source; what other clients
// see is tested from outside (tests/exchange).
#include "adapters/exchange/exchange_server.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <thread>

#include "engine/core/errors.h"
#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint64_t kTrades = 20'000;

std::vector<Event> trades() {
  std::vector<Event> events;
  for (std::uint64_t id = 1; id <= kTrades; ++id) {
    events.push_back(trade_at(static_cast<std::int64_t>(id) * kMs, id, 1'000, 5));
  }
  return events;
}

class ExchangeServerTest : public testing::Test {
 protected:
  void start() {
    server.emplace(context, ServerOptions{.ends_with_source = true});
    thread = std::thread([this] { server->run(); });
  }
  ~ExchangeServerTest() override {
    if (!thread.joinable()) return;
    finish();
    thread.join();
  }

  tcp::socket connected() {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), server->port()});
    return socket;
  }

  beast::websocket::stream<tcp::socket> websocket(const std::string& target) {
    beast::websocket::stream<tcp::socket> stream(connected());
    stream.handshake("127.0.0.1", target);
    return stream;
  }

  http::response<http::string_body> get(tcp::socket& socket, const std::string& target,
                                        http::verb verb = http::verb::get) {
    http::write(socket, http::request<http::empty_body>(verb, target, 11));
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return response;
  }

  // How many messages come until the server closes.
  std::size_t read_to_the_end(beast::websocket::stream<tcp::socket>& stream) {
    std::size_t messages = 0;
    for (beast::error_code error;; ++messages) {
      beast::flat_buffer buffer;
      stream.read(buffer, error);
      if (error) return messages;
    }
  }

  // The source goes to its end, and the server with it.
  void finish() {
    tcp::socket socket = connected();
    get(socket, "/hftsim/faults", http::verb::delete_);
    auto stream = websocket("/ws/btcusdt@trade");
    read_to_the_end(stream);
  }

  asio::io_context io;
  MarketFeed feed{std::make_unique<MemorySource>(std::vector{perpetual()}, trades()), Market::spot, 10'000};
  ServerContext context{feed, ReplayClock(0, 0), {}, {.messages_per_second = 1'000}, 1};
  std::optional<ExchangeServer> server;
  std::thread thread;
};

TEST_F(ExchangeServerTest, AnswersRequestsOnOneConnection) {
  start();
  tcp::socket socket = connected();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get(socket, "/api/v3/ping").body(), "{}");
  EXPECT_EQ(get(socket, "/api/v3/klines?symbol=X&interval=1m").result_int(), 400u);
  EXPECT_EQ(get(socket, "/nothing").result_int(), 404u);
}

TEST_F(ExchangeServerTest, UnpacedEveryMessageArrivesHoweverSlowlyItIsTaken) {
  start();
  auto stream = websocket("/stream?streams=btcusdt@trade");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(read_to_the_end(stream), kTrades);
  EXPECT_EQ(stream.reason().code, beast::websocket::close_code::going_away);
  thread.join();
  EXPECT_EQ(context.counts.slow_consumers, 0u);
}

TEST_F(ExchangeServerTest, ClientsThatVanishLeaveNothingBehind) {
  start();
  for (int i = 0; i < 20; ++i) {
    auto stream = websocket("/ws/btcusdt@nothing");  // so that time stands still
    stream.write(asio::buffer(std::string(R"({"method":"SUBSCRIBE","params":["x@trade"],"id":1})")));
    if (i % 2 == 0) continue;
    beast::flat_buffer buffer;
    stream.read(buffer);
  }
  for (int i = 0; i < 20; ++i) connected();
  tcp::socket half = connected();
  asio::write(half, asio::buffer(std::string("GET /api/v3/pi")));
  finish();
  thread.join();
  server.reset();
  EXPECT_EQ(feed.publisher().stream_count(), 0u);
}

TEST_F(ExchangeServerTest, EndsWithFaultsUnderWay) {
  context.set_faults(
      "ws.disconnect=1/100,ws.reorder=0.1,ws.duplicate=0.1,ws.malformed=0.1,ws.slow=1/"
      "200:1ms,rest.disconnect=0.3");
  start();
  for (int i = 0; i < 5; ++i) {  // each is cut off long before the end
    auto stream = websocket("/ws/btcusdt@aggTrade/btcusdt@kline_1m");
    read_to_the_end(stream);
  }
  for (int i = 0; i < 20; ++i) {
    tcp::socket socket = connected();
    http::write(socket, http::request<http::empty_body>(http::verb::get, "/api/v3/exchangeInfo", 11));
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    beast::error_code error;
    http::read(socket, buffer, response, error);
  }
}

TEST(ExchangeServer, AnAddressThatIsNoneIsRefused) {
  MarketFeed feed(std::make_unique<MemorySource>(std::vector{perpetual()}, trades()), Market::spot, 10);
  ServerContext context(feed, ReplayClock(0, 0), {}, {}, 1);
  EXPECT_THROW(ExchangeServer(context, {.address = "nowhere"}), BadInput);
  EXPECT_THROW(ExchangeServer(context, {.address = "203.0.113.1"}), BadInput);
  EXPECT_THROW(ExchangeServer(context, {.tls = {"absent.pem", "absent.pem"}}), BadInput);
}

}  // namespace
}  // namespace hftsim::exchange
