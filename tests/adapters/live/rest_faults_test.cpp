// What a connection missed is asked for by REST, whose answers fail at first: bars and trades are the source's all the
// same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/adapters/fetch/fake_exchange.h"
#include "tests/adapters/live/feed_bench.h"
#include "tests/adapters/live/websocket_peer.h"

namespace hftsim::test {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kBars = 30;
constexpr std::size_t kTrades = 50;
constexpr int kFaults = 3;  // of each kind of request

struct RestFault {
  const char* name;
  Reply reply;
  const char* says;  // "": nothing that the feed's log would have
};

void PrintTo(const RestFault& fault, std::ostream* out) {
  *out << fault.name;
}

Reply cut_off(Reply reply) {
  reply.bytes.resize(reply.bytes.size() - 5);
  reply.close = true;
  return reply;
}

class RestFaults : public ::testing::TestWithParam<RestFault> {
 protected:
  RestFaults() {
    exchange_.add_bars(kFirstMs * kMsInNs, kBars);
    exchange_.add_trades(kFirstMs * kMsInNs, kTrades, 7'000);
  }

  // The first of each kind of request fails.
  Reply rest(const std::string& target) {
    int& asked = target.find("klines") != std::string::npos      ? klines_asked_
                 : target.find("aggTrades") != std::string::npos ? trades_asked_
                                                                 : others_asked_;
    if (++asked <= kFaults && &asked != &others_asked_) return GetParam().reply;
    const net::HttpResponse answer = exchange_.answer(target);
    return http_reply(answer.status, answer.body);
  }

  // Beginning and end of what there is; the connection in between is lost.
  void serve(Peer& peer, int nth) const {
    WebsocketPeer websocket(peer);
    if (!websocket.accept()) return;
    const std::vector<Event> bars = exchange_.bars();
    const std::vector<Event>& trades = exchange_.trades();
    if (nth == 1) {
      websocket.send_text(closed_bar_text(bars[0]));
      websocket.send_text(trade_text(trades[0]));
      return;
    }
    websocket.send_text(closed_bar_text(bars[kBars - 1]));
    websocket.send_text(trade_text(trades[kTrades - 1]));
    websocket.attend();
  }

  FakeExchange exchange_{"BTCUSDT", kMinute};
  int klines_asked_ = 0, trades_asked_ = 0, others_asked_ = 0;
};

TEST_P(RestFaults, AreSaidCountedAndOvercome) {
  RawServer server([&](Peer& peer, int nth) { serve(peer, nth); });
  FeedBench bench(server.port(), [&](const std::string& target) { return rest(target); });
  bench.run();
  ASSERT_TRUE(bench.comes_to([](const live::FeedHealth& health) {
    return health.repaired_bars >= kBars - 2 && health.repaired_trades == kTrades - 2;
  })) << bench.log();
  bench.feed->stop();
  const std::vector<Event> bars = bench.events(EventKind::bar), trades = bench.events(EventKind::trade);
  ASSERT_EQ(bars.size(), kBars);
  ASSERT_EQ(trades.size(), kTrades);
  for (std::size_t i = 0; i < kBars; ++i)
    EXPECT_EQ(0, std::memcmp(&bars[i].bar, &exchange_.bars()[i].bar, sizeof(BarBody))) << i;
  for (std::size_t i = 0; i < kTrades; ++i)
    EXPECT_EQ(0, std::memcmp(&trades[i].trade, &exchange_.trades()[i].trade, sizeof(TradeBody))) << i;
  EXPECT_GT(klines_asked_, kFaults);
  EXPECT_GT(trades_asked_, kFaults);
  EXPECT_EQ(bench.marks(SessionMark::gap), 0u);
  EXPECT_THAT(bench.log(), HasSubstr(GetParam().says));
  EXPECT_EQ(bench.feed->health().repair_failures > 0, *GetParam().says != '\0');
}

INSTANTIATE_TEST_SUITE_P(
    All, RestFaults,
    ::testing::Values(
        RestFault{"TooManyRequests", http_reply(429, R"({"code":-1003,"msg":"Too many requests."})"),
                  "status 429, code -1003, Too many requests."},
        RestFault{"Banned", http_reply(418, "{}", "Retry-After: 0\r\n"), "status 418"},
        RestFault{"InternalError", http_reply(500, "oops"), "status 500, oops"},
        RestFault{"BadGateway", http_reply(502, "<html>Bad gateway</html>"), "status 502"},
        RestFault{"Forbidden", http_reply(403, "<html>403</html>"), "status 403"},
        RestFault{"InvalidSymbol", http_reply(400, R"({"code":-1121,"msg":"Invalid symbol."})"), "-1121"},
        RestFault{"NoJson", http_reply(200, "<html>"), "repair: "},
        RestFault{"AnotherShape", http_reply(200, R"({"code":0})"), "repair: "},
        RestFault{"BrokenJson", http_reply(200, "[[1704067200000,\"1\""), "repair: "},
        RestFault{"WrongTypes", http_reply(200, R"([[null,1,2,3,4,5,6,7,8,9,10,11]])"), "repair: "},
        RestFault{"HugeNumbers", http_reply(200, R"([[1e400,"1e400","1","1","1","1",1,"1",1,"1","1","0"]])"),
                  "repair: "},
        RestFault{"EmptyBody", http_reply(200, ""), "repair: "},
        RestFault{"NoRows", http_reply(200, "[]"), ""},
        RestFault{"CutOff", cut_off(http_reply(200, "[[1704067200000,\"1\"")), "connection closed"},
        RestFault{"NoHttp", {.bytes = std::string(64, '\x15'), .close = true}, "repair: "},
        RestFault{"Elsewhere", http_reply(302, "", "Location: https://example.com/\r\n"),
                  "a redirect to https://example.com"},
        RestFault{"Compressed", http_reply(200, "\x1f\x8b", "Content-Encoding: gzip\r\n"),
                  "Content-Encoding gzip"}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace hftsim::test
