#include "adapters/exchange/request_target.h"

#include <gtest/gtest.h>

#include "adapters/exchange/websocket_start.h"

namespace hftsim::exchange {
namespace {

TEST(RequestTarget, IsAPathAndItsParameters) {
  const std::optional<RequestTarget> target =
      parse_target("/api/v3/klines?symbol=BTCUSDT&limit=5&&empty=&bare");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v3/klines");
  ASSERT_EQ(target->query.size(), 4u);
  EXPECT_EQ(*target->find("symbol"), "BTCUSDT");
  EXPECT_EQ(*target->find("limit"), "5");
  EXPECT_EQ(*target->find("empty"), "");
  EXPECT_EQ(*target->find("bare"), "");
  EXPECT_EQ(target->find("other"), nullptr);
}

TEST(RequestTarget, EscapesAreDecoded) {
  EXPECT_EQ(parse_target("/ws/btcusdt%40trade")->path, "/ws/btcusdt@trade");
  EXPECT_EQ(percent_decoded("a%2Fb%2f"), "a/b/");
  for (const char* broken : {"%", "%1", "%g1", "%1g", "a%"}) EXPECT_FALSE(percent_decoded(broken)) << broken;
}

TEST(RequestTarget, WhatIsNoneIsRefused) {
  for (const char* broken : {"", "api", "http://a/", "/a b", "/a\n", "/\xc3\xa9", "/a?b=%zz"}) {
    EXPECT_FALSE(parse_target(broken)) << broken;
  }
  EXPECT_FALSE(parse_target("/" + std::string(kTargetBytesMax, 'a')));
  std::string many = "/a?";
  for (std::size_t i = 0; i <= kQueryParametersMax; ++i) many += "a=1&";
  EXPECT_FALSE(parse_target(many));
}

TEST(WebsocketStart, PathsSayWhichStreams) {
  using Streams = std::vector<std::string>;
  EXPECT_TRUE(websocket_start("/ws")->streams.empty());
  EXPECT_EQ(websocket_start("/ws/btcusdt@trade/ethusdt@depth")->streams,
            (Streams{"btcusdt@trade", "ethusdt@depth"}));
  EXPECT_FALSE(websocket_start("/ws/btcusdt@trade")->is_combined);
  const std::optional<WebsocketStart> combined = websocket_start("/stream?streams=a@trade/b@trade/");
  EXPECT_TRUE(combined->is_combined);
  EXPECT_EQ(combined->streams, (Streams{"a@trade", "b@trade"}));
  EXPECT_TRUE(websocket_start("/stream")->is_combined);
  for (const char* none : {"/", "/api/v3/ping", "/wss", "/streams?streams=a"})
    EXPECT_FALSE(websocket_start(none));
}

}  // namespace
}  // namespace hftsim::exchange
