// What is to be had of the server, over real sockets.
#include "adapters/dashboard/dashboard_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "engine/core/errors.h"
#include "tests/adapters/dashboard/dashboard_bench.h"

namespace hftsim::dashboard {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DashboardServer, ServesThePageUnderAPolicyOfItsOwnHashes) {
  DashboardBench bench;
  const std::string answer = bench.get("/");
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer), kTestPage);
  EXPECT_EQ(field_of(answer, "Content-Type"), "text/html; charset=utf-8");
  // openssl dgst -sha256 -binary | base64, of "go()" and "a{}"
  EXPECT_EQ(field_of(answer, "Content-Security-Policy"),
            "default-src 'none'; script-src 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='; style-src "
            "'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='; img-src data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

TEST(DashboardServer, SaysWithEveryAnswerThatNothingIsKeptGuessedOrTold) {
  DashboardBench bench;
  for (const char* target : {"/", "/api/session", "/metrics", "/healthz", "/nothing"}) {
    const std::string answer = bench.get(target);
    EXPECT_EQ(field_of(answer, "Cache-Control"), "no-store") << target;
    EXPECT_EQ(field_of(answer, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(field_of(answer, "Referrer-Policy"), "no-referrer") << target;
    EXPECT_THAT(field_of(answer, "Content-Security-Policy"), HasSubstr("default-src 'none'")) << target;
    EXPECT_EQ(field_of(answer, "Connection"), "close") << target;
    EXPECT_EQ(field_of(answer, "Access-Control-Allow-Origin"), "") << target;
  }
}

TEST(DashboardServer, TellsTheSessionWithWhatCameWhileNobodyWatched) {
  DashboardBench bench;
  const std::string first = bench.get("/api/session");
  EXPECT_EQ(field_of(first, "Content-Type"), "application/json");
  EXPECT_EQ(body_of(first), R"({"n":1,"padding":"","type":"snapshot"})");
  EXPECT_EQ(body_of(bench.get("/api/session")), R"({"n":2,"padding":"","type":"snapshot"})");
}

TEST(DashboardServer, CommandsWithTheTokenOfABrowserAndOfAProgram) {
  DashboardBench bench;
  const std::string own = "Origin: " + bench.origin() + "\r\n";
  EXPECT_EQ(status_of(bench.command(R"({"command":"pause"})", bench.bearer() + own)), 204);
  EXPECT_EQ(status_of(bench.command(R"({"command":"resume"})", bench.bearer())), 204);
  EXPECT_EQ(status_of(bench.command(R"({"command":"flatten"})", bench.bearer())), 204);
  EXPECT_EQ(status_of(bench.command(R"({"command":"stop"})", bench.bearer())), 204);
  EXPECT_THAT(bench.session.commands(),
              ElementsAre(Command::pause, Command::resume, Command::flatten, Command::stop));
  EXPECT_EQ(bench.metric("hftsim_dashboard_commands_total"), 4);
}

TEST(DashboardServer, RefusesABodyThatIsNoCommand) {
  DashboardBench bench;
  for (const char* body :
       {"", "pause", "{}", "[]", "\"pause\"", R"({"command":"Pause"})", R"({"command":["pause"]})",
        R"({"command":null})", R"({"command":"pause","and":1})",
        R"({"command":"pause"} )"
        "x",
        "[[[[[[["}) {
    EXPECT_EQ(status_of(bench.command(body, bench.bearer())), 400) << body;
  }
  const std::string json = R"({"command":"pause"})";
  EXPECT_EQ(status_of(bench.request("POST", "/api/command", bench.bearer(), json)), 415);
  EXPECT_EQ(
      status_of(bench.request("POST", "/api/command", bench.bearer() + "Content-Type: text/plain\r\n", json)),
      415);
  EXPECT_THAT(bench.session.commands(), IsEmpty());
  bench.session.take_no_commands();
  EXPECT_EQ(status_of(bench.command(json, bench.bearer())), 503);
}

TEST(DashboardServer, SaysHowTheSessionIs) {
  DashboardBench well;
  EXPECT_EQ(status_of(well.get("/healthz")), 200);
  EXPECT_EQ(body_of(well.get("/healthz")),
            "{\"connected\":true,\"message_age_ms\":12,\"ok\":true,\"recording\":true}\n");
  for (const Health& health : {Health{.is_connected = false, .is_recording = true},
                               Health{.is_connected = true, .is_recording = false}}) {
    DashboardBench ill;
    ill.session.set_health(health);
    EXPECT_EQ(status_of(ill.get("/healthz")), 503);
    EXPECT_THAT(body_of(ill.get("/healthz")), HasSubstr("\"message_age_ms\":null,\"ok\":false"));
  }
}

TEST(DashboardServer, TellsPrometheusOfTheSessionAndOfItself) {
  DashboardBench bench;
  bench.get("/nothing");
  bench.command("{}", "");
  const std::string answer = bench.get("/metrics");
  EXPECT_THAT(field_of(answer, "Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  for (const char* line :
       {"# TYPE hftsim_test_total counter\nhftsim_test_total 7\n", "# TYPE hftsim_dashboard_browsers gauge\n",
        "hftsim_dashboard_refused_total{cause=\"target\"} 1\n",
        "hftsim_dashboard_refused_total{cause=\"token_missing\"} 1\n",
        "hftsim_dashboard_answers_total{status=\"404\"} 1\n", "hftsim_dashboard_connections 1\n"}) {
    EXPECT_THAT(body_of(answer), HasSubstr(line));
  }
  const std::regex sample(R"([a-z_]+(\{[a-z_]+="[a-z0-9_]+"\})? [0-9.e+-]+|# (HELP|TYPE) [a-z_]+ .+)");
  std::istringstream lines(body_of(answer));
  for (std::string line; std::getline(lines, line);) EXPECT_TRUE(std::regex_match(line, sample)) << line;
}

TEST(DashboardServer, HasATokenOf256BitsThatIsNewEveryTime) {
  const DashboardServer one({.page = kTestPage}), other({.page = kTestPage});
  EXPECT_TRUE(std::regex_match(one.token(), std::regex("[A-Za-z0-9_-]{43}"))) << one.token();
  EXPECT_NE(one.token(), other.token());
}

std::string refusal(const ServerOptions& options) {
  try {
    DashboardServer server(options);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "";
}

TEST(DashboardServer, ListensBeyondLoopbackWithACertificateAlone) {
  EXPECT_THAT(refusal({.address = "0.0.0.0", .page = kTestPage}), HasSubstr("need --dashboard-cert"));
  EXPECT_THAT(refusal({.address = "::", .page = kTestPage}), HasSubstr("need --dashboard-cert"));
  EXPECT_THAT(refusal({.address = "0.0.0.0", .tls = {.certificate = "c.pem", .key = ""}, .page = kTestPage}),
              HasSubstr("certificate and key"));
  EXPECT_THAT(refusal({.address = "0.0.0.0", .tls = {"/nowhere/c.pem", "/nowhere/k.pem"}, .page = kTestPage}),
              HasSubstr("/nowhere/c.pem: cannot be opened"));
  EXPECT_THAT(refusal({.address = "localhost", .page = kTestPage}), HasSubstr("expected an IP address"));
}

TEST(DashboardServer, SaysWhereSomebodyElseListens) {
  DashboardBench bench;
  EXPECT_THAT(refusal({.port = bench.port(), .page = kTestPage}),
              HasSubstr("listening at 127.0.0.1:" + std::to_string(bench.port())));
}

TEST(DashboardServer, StopsWhateverItsClientsDo) {
  DashboardBench bench({.request = std::chrono::hours(1), .slow = std::chrono::hours(1)});
  auto silent = bench.connected();
  Browser browser(bench);
  browser.next();
  bench.server().stop();
  while (!browser.next().empty()) {
  }
  bench.server().stop();
}

}  // namespace
}  // namespace hftsim::dashboard
