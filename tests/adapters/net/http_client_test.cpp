#include "adapters/net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "adapters/net/net_errors.h"
#include "tests/adapters/net/scripted_server.h"

namespace hftsim::net {
namespace {

using test::http_reply;
using test::Reply;
using test::ScriptedServer;
using ::testing::HasSubstr;

// Small enough that a test of one is short.
HttpLimits small_limits() {
  HttpLimits limits;
  limits.response = std::chrono::milliseconds(300);
  limits.field_bytes_max = 2048;
  limits.body_bytes_max = 100'000;
  return limits;
}

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClient client(const ScriptedServer& server, const HttpLimits& limits = {}) {
    return HttpClient(parse_url(server.url(), "test"), tls_, stop_, limits);
  }

  // What is thrown for a server that always says this.
  template <class Error>
  std::string error_for(const Reply& reply, const HttpLimits& limits = {}) {
    ScriptedServer server([&](const std::string&) { return reply; });
    HttpClient asker = client(server, limits);
    try {
      asker.get("/a?b=1");
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(server.url() + "/a?b=1"));
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
  }

  TlsContext tls_;
  StopSignal stop_;
};

TEST_F(HttpClientTest, GivesStatusFieldsAndBody) {
  ScriptedServer server([](const std::string& target) {
    return http_reply(418, "you asked for " + target, "Retry-After: 120\r\nX-MBX-USED-WEIGHT-1M: 7\r\n");
  });
  const HttpResponse response = client(server).get("/api/v3/time?x=1");
  EXPECT_EQ(response.status, 418u);
  EXPECT_EQ(response.body, "you asked for /api/v3/time?x=1");
  EXPECT_EQ(response.field("retry-after"), "120");
  EXPECT_EQ(response.field("X-MBX-Used-Weight-1m"), "7");
  EXPECT_EQ(response.field("ETag"), std::nullopt);
}

TEST_F(HttpClientTest, KeepsItsConnection) {
  ScriptedServer server([](const std::string&) { return http_reply(200, "ok"); });
  HttpClient asker = client(server);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(asker.get("/").body, "ok");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, ReadsChunksAndBodiesThatEndWithTheConnection) {
  std::string form = "chunked";
  ScriptedServer server([&](const std::string&) {
    if (form == "chunked")
      return Reply{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"};
    return Reply{.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", .close = true};
  });
  HttpClient asker = client(server);
  EXPECT_EQ(asker.get("/").body, "abc");
  form = "closing";
  EXPECT_EQ(asker.get("/").body, "abc");
  form = "chunked";
  EXPECT_EQ(asker.get("/").body, "abc");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientTest, OpensAConnectionAnewThatAServerClosedWhileIdle) {
  ScriptedServer server([](const std::string&) {
    Reply reply = http_reply(200, "ok");  // does not say that it closes
    reply.close = true;
    return reply;
  });
  HttpClient asker = client(server);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(asker.get("/").body, "ok");
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpClientTest, PutsThePathOfItsBaseInFront) {
  ScriptedServer server([](const std::string& target) { return http_reply(200, target); });
  HttpClient asker(parse_url(server.url() + "/mirror/", "test"), tls_, stop_);
  EXPECT_EQ(asker.get("/api").body, "/mirror/api");
}

TEST_F(HttpClientTest, SaysThatAConnectionBrokeInTheMiddleOfABody) {
  const std::string said = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
  EXPECT_THAT(error_for<ConnectionBroken>({.bytes = said, .close = true}), HasSubstr("connection closed"));
  EXPECT_THAT(error_for<ConnectionBroken>({.bytes = "HTTP/1.1 20", .close = true}),
              HasSubstr("connection closed"));
  EXPECT_THAT(error_for<ConnectionBroken>({.bytes = "", .close = true}), HasSubstr("connection closed"));
}

TEST_F(HttpClientTest, GivesUpOnSilenceAndOnSlowBytes) {
  const std::string said = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";
  EXPECT_THAT(error_for<ConnectionBroken>({.bytes = said + "then nothing"}, small_limits()),
              HasSubstr("took too long"));
  EXPECT_THAT(
      error_for<ConnectionBroken>({.bytes = said + std::string(5000, 'x'), .drip = true}, small_limits()),
      HasSubstr("took too long"));
  EXPECT_THAT(error_for<ConnectionBroken>({.bytes = ""}, small_limits()), HasSubstr("took too long"));
}

TEST_F(HttpClientTest, RefusesABodyOfTwoGigabytesByItsLength) {
  EXPECT_THAT(error_for<BadInput>({"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\nab"}),
              HasSubstr("a body of more than 16777216 bytes"));
  EXPECT_THAT(error_for<BadInput>({"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nab"}),
              HasSubstr("no HTTP response"));
}

TEST_F(HttpClientTest, RefusesEndlessBodiesAndFields) {
  const std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
  ScriptedServer server([&](const std::string&) {
    std::string bytes = chunks;
    for (int i = 0; i < 50; ++i) bytes += chunk;
    return Reply{bytes};
  });
  HttpClient asker = client(server, small_limits());
  EXPECT_THROW(asker.get("/"), BadInput);
  EXPECT_THAT(
      error_for<BadInput>(
          {.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(4096, 'x'), .endless = true},
          small_limits()),
      HasSubstr("a body of more than"));
  EXPECT_THAT(
      error_for<BadInput>({.bytes = "HTTP/1.1 200 OK\r\nX: " + std::string(4096, 'x')}, small_limits()),
      HasSubstr("bytes of fields"));
}

TEST_F(HttpClientTest, LetsNoBytesBehindALengthIntoTheNextResponse) {
  int asked = 0;
  ScriptedServer server([&](const std::string&) {
    Reply reply = http_reply(200, "ok");
    if (asked++ == 0) reply.bytes += "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    return reply;
  });
  HttpClient asker = client(server);
  EXPECT_EQ(asker.get("/").body, "ok");
  EXPECT_EQ(asker.get("/").body, "ok");
}

TEST_F(HttpClientTest, RefusesWhatIsNoHttpAndWhatIsCompressed) {
  EXPECT_THAT(error_for<BadInput>({"SSH-2.0-OpenSSH_9.2\r\n\r\n"}), HasSubstr("no HTTP response"));
  EXPECT_THAT(error_for<BadInput>({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}),
              HasSubstr("no HTTP response"));
  EXPECT_THAT(error_for<BadInput>(http_reply(200, "x", "Content-Encoding: gzip\r\n")),
              HasSubstr("not compressed"));
}

TEST_F(HttpClientTest, FollowsItsServersRedirectsAFewTimes) {
  ScriptedServer server([](const std::string& target) {
    if (target == "/old") return http_reply(302, "", "Location: /new?x=1\r\n");
    if (target == "/loop") return http_reply(307, "", "Location: /loop\r\n");
    return http_reply(200, target);
  });
  HttpClient asker = client(server);
  EXPECT_EQ(asker.get("/old").body, "/new?x=1");
  EXPECT_THROW(asker.get("/loop"), BadInput);
}

TEST_F(HttpClientTest, RefusesRedirectsToOthers) {
  for (const char* location :
       {"https://evil.com/", "http://127.0.0.1:1/", "//evil.com/", "relative", "", "file:///etc"}) {
    const std::string message =
        error_for<BadInput>(http_reply(301, "", std::string("Location: ") + location + "\r\n"));
    EXPECT_THAT(message, HasSubstr("redirect")) << location;
  }
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  std::string url;
  {
    ScriptedServer server([](const std::string&) { return http_reply(200, ""); });
    url = server.url();
  }
  HttpClient asker(parse_url(url, "test"), tls_, stop_);
  EXPECT_THROW(asker.get("/"), ConnectionBroken);
}

TEST_F(HttpClientTest, StopsWaitingWhenToldTo) {
  ScriptedServer server([this](const std::string&) {
    stop_.request();
    return Reply{""};
  });
  HttpClient asker = client(server);
  EXPECT_THROW(asker.get("/"), Interrupted);
  EXPECT_THROW(asker.get("/"), Interrupted);  // and begins nothing afterwards
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace hftsim::net
