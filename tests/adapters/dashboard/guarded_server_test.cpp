// Beyond loopback: TLS, and nothing but the page without the token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "tests/adapters/dashboard/dashboard_bench.h"
#include "tests/adapters/net/certificates.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::dashboard {
namespace {

using namespace test;
using ::testing::IsEmpty;
namespace beast = boost::beast;

class GuardedServer : public ::testing::Test {
 protected:
  static constexpr const char* kUpgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  unsigned refusal(const std::string& subprotocols) {
    return status_of(bench.get("/live", kUpgrade + ("Origin: https://" + bench.host()) +
                                            "\r\nSec-WebSocket-Protocol: " + subprotocols + "\r\n"));
  }

  // The subprotocol that is spoken, once a message came.
  std::string watch(const std::string& subprotocols) {
    boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
    beast::websocket::stream<boost::asio::ssl::stream<boost::asio::ip::tcp::socket>> socket(bench.connected(),
                                                                                            tls);
    socket.next_layer().handshake(boost::asio::ssl::stream_base::client);
    socket.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
      request.set("Origin", "https://" + bench.host());
      request.set("Sec-WebSocket-Protocol", subprotocols);
    }));
    beast::websocket::response_type answer;
    socket.handshake(answer, bench.host(), "/live");
    beast::flat_buffer message;
    socket.read(message);
    return answer["Sec-WebSocket-Protocol"].to_string();
  }

  TemporaryFolder folder;
  Certificates certificates{folder.path()};
  std::string file = certificates.make("server.pem", {.name = "trader.example"}).string();
  DashboardBench bench{{}, "0.0.0.0", {file, file}};
};

TEST_F(GuardedServer, ShowsThePageToAnyoneAndTheRestToTheTokenAlone) {
  EXPECT_EQ(bench.server().url(), "https://0.0.0.0:" + std::to_string(bench.port()));
  EXPECT_EQ(status_of(bench.get("/")), 200);
  for (const char* target : {"/api/session", "/metrics", "/healthz"}) {
    EXPECT_EQ(status_of(bench.get(target)), 401) << target;
    EXPECT_EQ(status_of(bench.get(target, "Authorization: Bearer x\r\n")), 401) << target;
    EXPECT_EQ(status_of(bench.get(target, bench.bearer())), 200) << target;
  }
}

TEST_F(GuardedServer, AWebsocketBringsTheTokenAsASubprotocol) {
  EXPECT_EQ(refusal("hftsim"), 401);
  EXPECT_EQ(refusal("hftsim, token.x"), 401);
  EXPECT_EQ(refusal("token." + bench.server().token().substr(1) + ", hftsim"), 401);
  EXPECT_EQ(watch("hftsim, token." + bench.server().token()), "hftsim");
}

TEST_F(GuardedServer, IsTheHostThatItsCertificateIsFor) {
  bench.server();
  const std::string port = ":" + std::to_string(bench.port());
  const auto status_with = [&](const std::string& host) {
    return status_of(bench.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
  };
  EXPECT_EQ(status_with("trader.example" + port), 200);
  EXPECT_EQ(status_with("127.0.0.1" + port), 200);
  EXPECT_EQ(status_with("evil.example" + port), 421);
  EXPECT_EQ(status_with("trader.example"), 421);
  EXPECT_EQ(status_with("0.0.0.0" + port), 421);
}

TEST_F(GuardedServer, SpeaksNothingButTls) {
  auto socket = bench.connected();
  boost::asio::write(socket, boost::asio::buffer("GET / HTTP/1.1\r\nHost: " + bench.host() + "\r\n\r\n"));
  std::string answer;
  boost::system::error_code error;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
  EXPECT_EQ(status_of(answer), 0);
  EXPECT_EQ(answer.find("<html"), std::string::npos);
}

}  // namespace
}  // namespace hftsim::dashboard
