// Requests that want more than they may, or are made to be misread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <chrono>
#include <thread>

#include "tests/adapters/dashboard/dashboard_bench.h"

namespace hftsim::dashboard {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kStop = R"({"command":"stop"})";
const std::string kJson = "Content-Type: application/json\r\n";

double refused(DashboardBench& bench, const std::string& cause) {
  return bench.metric("hftsim_dashboard_refused_total{cause=\"" + cause + "\"}");
}

TEST(HostileRequests, NothingIsChangedWithoutTheToken) {
  DashboardBench bench({.wrong_tokens_a_minute = 1'000'000});
  const std::string wrong(43, 'A'), right = bench.server().token();
  const std::vector<std::string> methods{"GET",     "HEAD",  "POST",  "PUT",     "DELETE",   "PATCH",
                                         "OPTIONS", "TRACE", "MERGE", "CONNECT", "PROPFIND", "STOP"};
  const std::vector<std::string> targets{"/",
                                         "/live",
                                         "/api/session",
                                         "/api/command",
                                         "/metrics",
                                         "/healthz",
                                         "/api/command?token=" + right,
                                         "/api/command/",
                                         "//api/command",
                                         "/API/COMMAND",
                                         "/api/%63ommand",
                                         "http://" + bench.host() + "/api/command"};
  const std::vector<std::string> credentials{"",
                                             "Authorization: Bearer " + wrong + "\r\n",
                                             "Authorization: Bearer \r\n",
                                             "Authorization: Bearer\r\n",
                                             "Authorization: Basic " + right + "\r\n",
                                             "Authorization: " + right + "\r\n",
                                             "Cookie: token=" + right + "\r\n",
                                             "Authorization: Bearer " + right + "x\r\n",
                                             "Authorization: Bearer " + right.substr(1) + "\r\n",
                                             "Sec-WebSocket-Protocol: token." + right + "\r\n"};
  for (const std::string& method : methods)
    for (const std::string& target : targets)
      for (const std::string& credential : credentials)
        bench.request(method, target, kJson + credential, kStop);
  EXPECT_THAT(bench.session.commands(), IsEmpty());
  EXPECT_EQ(status_of(bench.request("POST", "/api/command", kJson + bench.bearer(), kStop)), 204);
  EXPECT_THAT(bench.session.commands(), ElementsAre(Command::stop));
}

TEST(HostileRequests, OneMethodIsAllowedPerTarget) {
  DashboardBench bench;
  for (const char* method : {"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"})
    EXPECT_EQ(status_of(bench.request(method, "/", bench.bearer())), 405) << method;
  EXPECT_EQ(status_of(bench.get("/api/command", bench.bearer())), 405);
}

TEST(HostileRequests, TargetsAreExact) {
  DashboardBench bench;
  for (const char* target :
       {"/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/", "/./", "//", "/index.html", "/metrics/",
        "/Metrics", "/metrics?x=1", "/api", "/live/../metrics", "/healthz%00", "/\\..\\", "*"}) {
    EXPECT_EQ(status_of(bench.get(target)), 404) << target;
  }
}

TEST(HostileRequests, ATokenThatIsWrongIsCountedAndLimitedButTheRightOneNeverLockedOut) {
  DashboardBench bench({.wrong_tokens_a_minute = 3});
  const std::string wrong = "Authorization: Bearer " + std::string(43, 'A') + "\r\n";
  for (int i = 0; i < 3; ++i) {
    const std::string answer = bench.command(kStop, wrong);
    EXPECT_EQ(status_of(answer), 401);
    EXPECT_EQ(field_of(answer, "WWW-Authenticate"), "Bearer");
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(status_of(bench.command(kStop, wrong)), 429);
  EXPECT_EQ(status_of(bench.command(kStop, "")), 401);
  EXPECT_EQ(status_of(bench.command(kStop, bench.bearer())), 204);
  EXPECT_EQ(refused(bench, "token_wrong"), 3);
  EXPECT_EQ(refused(bench, "too_many_wrong_tokens"), 4);
  EXPECT_EQ(refused(bench, "token_missing"), 1);
}

// DNS rebinding: a foreign name that resolves to 127.0.0.1.
TEST(HostileRequests, TheHostIsThisServer) {
  DashboardBench bench;
  bench.server();
  const std::string port = ":" + std::to_string(bench.port());
  const auto status_with = [&](const std::string& host) {
    return status_of(bench.exchange("GET /api/session HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
  };
  for (const std::string& host : {"127.0.0.1" + port, "localhost" + port, "LOCALHOST" + port, "[::1]" + port})
    EXPECT_EQ(status_with(host), 200) << host;
  for (const std::string& host :
       {"evil.example" + port, "127.0.0.1.evil.example" + port, "localhost.evil.example" + port,
        std::string("127.0.0.1"), std::string("127.0.0.1:1"), "10.0.0.1" + port, "a@127.0.0.1" + port,
        "127.0.0.1" + port + "/x", "127.0.0.1" + port + "?", "0x7f.1" + port, std::string("")}) {
    EXPECT_EQ(status_with(host), 421) << host;
  }
  EXPECT_EQ(status_of(bench.exchange("GET / HTTP/1.1\r\n\r\n")), 400);
}

TEST(HostileRequests, APageOfAnotherOriginMayAskNothing) {
  DashboardBench bench;
  for (const std::string& origin :
       {std::string("http://evil.example"), std::string("null"), "https://" + bench.host(),
        std::string("http://127.0.0.1:1"), bench.origin() + ".evil.example"}) {
    const std::string field = "Origin: " + origin + "\r\n";
    EXPECT_EQ(status_of(bench.command(kStop, bench.bearer() + field)), 403) << origin;
    EXPECT_EQ(status_of(bench.get("/api/session", field)), 403) << origin;
  }
  EXPECT_THAT(bench.session.commands(), IsEmpty());
}

TEST(HostileRequests, AWebsocketIsForPagesOfThisServerAlone) {
  DashboardBench bench;
  const std::string upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  EXPECT_EQ(status_of(bench.get("/live", upgrade)), 403);
  EXPECT_EQ(status_of(bench.get("/live", upgrade + "Origin: http://evil.example\r\n")), 403);
  EXPECT_EQ(status_of(bench.get("/live", "Origin: " + bench.origin() + "\r\n")), 426);
  EXPECT_EQ(bench.metric("hftsim_dashboard_browsers"), 0);
}

TEST(HostileRequests, WhatIsTooLargeIsRefusedWithoutBeingRead) {
  DashboardBench bench;
  EXPECT_EQ(status_of(bench.get("/", "X: " + std::string(20'000, 'x') + "\r\n")), 431);
  EXPECT_EQ(status_of(bench.get("/" + std::string(20'000, 'x'))), 431);
  std::string many;
  for (int i = 0; i < 4'000; ++i) many += "X: y\r\n";
  EXPECT_EQ(status_of(bench.get("/", many)), 431);
  EXPECT_EQ(status_of(bench.command(std::string(5'000, ' '), bench.bearer())), 413);
  EXPECT_EQ(status_of(bench.request("POST", "/api/command", kJson + "Content-Length: 99999999999\r\n")), 413);
  EXPECT_EQ(refused(bench, "header_too_large"), 3);
  EXPECT_EQ(refused(bench, "body_too_large"), 2);
}

// RFC 9112, 11.2, and what is known to be read differently by others. Each would be a command.
TEST(HostileRequests, WhatCanBeReadInTwoWaysIsNotRead) {
  DashboardBench bench;
  const std::string head =
      "POST /api/command HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + kJson + bench.bearer();
  const std::string length = "Content-Length: " + std::to_string(kStop.size()) + "\r\n";
  const std::string chunk = "12\r\n" + kStop + "\r\n0\r\n\r\n";
  for (const std::string& rest : {
           length + "Transfer-Encoding: chunked\r\n\r\n" + chunk,
           "Transfer-Encoding: chunked\r\n" + length + "\r\n" + chunk,
           length + length + "\r\n" + kStop,
           length + "Content-Length: 0\r\n\r\n" + kStop,
           "Content-Length: 18, 18\r\n\r\n" + kStop,
           "Content-Length: +18\r\n\r\n" + kStop,
           "Content-Length: 0x12\r\n\r\n" + kStop,
           "Content-Length: -1\r\n\r\n" + kStop,
           "Content-Length : 18\r\n\r\n" + kStop,
           "Content-Length:\r\n 18\r\n\r\n" + kStop,
           length + "X: a\r\n\tb\r\n\r\n" + kStop,
           length + std::string("X: a\0b\r\n\r\n", 10) + kStop,
           length + "X: a\rb\r\n\r\n" + kStop,
           length + "X: a\nY: b\r\n\r\n" + kStop,
           length + "Host: evil.example\r\n\r\n" + kStop,
           length + bench.bearer() + "\r\n" + kStop,
           length + "no field\r\n\r\n" + kStop,
           "Transfer-Encoding: identity\r\n\r\n" + kStop,
           "Transfer-Encoding: identity\r\n" + length + "\r\n" + kStop,
           "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk,
           "Transfer-Encoding: xchunked\r\n\r\n" + chunk,
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
           "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + kStop + "\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\n11\r\n" + kStop + "\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\n-12\r\n" + kStop + "\r\n0\r\n\r\n",
       }) {
    EXPECT_EQ(status_of(bench.exchange(head + rest)), 400) << rest;
  }
  for (const std::string line :
       {"POST /api/command HTTP/1.0\r\n", "POST /api/command\r\n", "POST  /api/command HTTP/1.1\r\n",
        "POST /api/command HTTP/2.0\r\n", "POST /api/command HTTP/1.1 \r\n", "\r\n\r\n"}) {
    const std::string rest = head.substr(head.find('\n') + 1) + length + "\r\n" + kStop;
    EXPECT_EQ(status_of(bench.exchange(line + rest)), 400) << line;
  }
  EXPECT_THAT(bench.session.commands(), IsEmpty());
  EXPECT_EQ(status_of(bench.exchange(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk)), 204);
  EXPECT_EQ(bench.session.commands().size(), 1);
}

// A connection is for one request: whatever stands behind it is nobody's.
TEST(HostileRequests, ASecondRequestInAConnectionIsNotHeard) {
  DashboardBench bench;
  const std::string second = "POST /api/command HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + kJson +
                             bench.bearer() + "Content-Length: 18\r\n\r\n" + kStop;
  const std::string answer =
      bench.get("/healthz", "") +
      bench.exchange("GET /healthz HTTP/1.1\r\nHost: " + bench.host() + "\r\n\r\n" + second);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(bench.session.commands(), IsEmpty());
}

TEST(HostileRequests, ARequestThatDoesNotComeToItsEndIsGivenUp) {
  DashboardBench bench({.request = std::chrono::milliseconds(200)});
  EXPECT_EQ(bench.exchange("GET / HTTP/1.1\r\nHost: " + bench.host() + "\r\nX: "), "");
  EXPECT_EQ(bench.exchange(""), "");
  EXPECT_EQ(bench.exchange("POST /api/command HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + kJson +
                           bench.bearer() + "Content-Length: 18\r\n\r\n{"),
            "");
  EXPECT_EQ(refused(bench, "too_late"), 3);
  EXPECT_THAT(bench.session.commands(), IsEmpty());
}

// A byte now and then does not prolong it.
TEST(HostileRequests, ARequestThatDripsIsGivenUp) {
  DashboardBench bench({.request = std::chrono::milliseconds(200)});
  auto socket = bench.connected();
  const std::string byte = "G";
  boost::system::error_code error;
  for (int i = 0; i < 10'000 && !error; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    boost::asio::write(socket, boost::asio::buffer(byte), error);
  }
  EXPECT_TRUE(error);
  EXPECT_EQ(refused(bench, "too_late"), 1);
}

TEST(HostileRequests, ConnectionsAreCountedAndOneTooManyIsTold) {
  DashboardBench bench({.connections = 4, .request = std::chrono::hours(1)});
  std::vector<boost::asio::ip::tcp::socket> held;
  for (int i = 0; i < 4; ++i) held.push_back(bench.connected());
  EXPECT_EQ(status_of(bench.get("/")), 503);
  held.pop_back();
  while (status_of(bench.get("/")) == 503) {
  }
  EXPECT_GE(refused(bench, "too_many_connections"), 1);
}

}  // namespace
}  // namespace hftsim::dashboard
