#include "adapters/binance/rest_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

TEST(RestAnswers, ReadsTheServersTime) {
  EXPECT_EQ(parse_server_time_ns(R"({"serverTime":1499827319559})", "x"), 1'499'827'319'559'000'000);
  for (const char* body :
       {"", "{}", "[]", R"({"serverTime":"1499827319559"})", R"({"serverTime":1499827319})",
        R"({"serverTime":-1})", R"({"serverTime":1499827319559}x)"}) {
    EXPECT_THROW(parse_server_time_ns(body, "x"), BadInput) << body;
  }
}

TEST(RestAnswers, ReadsRefusalsAndTellsOtherPages) {
  const auto refusal = parse_refusal(R"({"code":-1121,"msg":"Invalid symbol."})");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, kInvalidSymbol);
  EXPECT_EQ(refusal->message, "Invalid symbol.");
  EXPECT_EQ(parse_refusal(R"({"msg":"\u001b[2J","code":1})")->message, "\\x1B[2J");
  for (const char* body : {"", "<html>", "[]", "{}", R"({"code":"1"})", R"({"code":1,"msg":2})"}) {
    EXPECT_FALSE(parse_refusal(body)) << body;
  }
}

TEST(RestAnswers, ReadsTheSymbols) {
  EXPECT_THAT(
      parse_symbols(
          R"({"timezone":"UTC","rateLimits":[{"a":[1]}],"symbols":[{"status":"TRADING","symbol":"ETHBTC",)"
          R"("filters":[{"x":1}]},{"symbol":"BTCUSDT"}],"more":1})",
          "x"),
      ::testing::ElementsAre("ETHBTC", "BTCUSDT"));
  for (const char* body : {"", "{}", R"({"symbols":{}})", R"({"symbols":[{}]})",
                           R"({"symbols":[{"symbol":1}]})", R"({"symbols":["BTCUSDT"]})"}) {
    EXPECT_THROW(parse_symbols(body, "x"), BadInput) << body;
  }
}

}  // namespace
}  // namespace hftsim::binance
