#include "adapters/exchange/rest_api.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;
using Json = nlohmann::json;

class RestApiTest : public testing::TestWithParam<Market> {
 protected:
  RestApiTest() {
    std::vector<Event> events;
    for (int i = 1; i <= 20; ++i) events.push_back(bar_at(i * kMin, 10, 12, 9, 11, i));
    const auto snapshot = book_message(20 * kMin + 1, 100, 100, 0,
                                       {{true, 998, 5}, {true, 999, 6}, {false, 1'001, 7}}, kSnapshot);
    events.insert(events.end(), snapshot.begin(), snapshot.end());
    for (std::uint64_t id = 1; id <= 30; ++id) {
      events.push_back(trade_at(20 * kMin + static_cast<std::int64_t>(id) * kMs, id, 1'000, 10));
    }
    feed.emplace(std::make_unique<MemorySource>(std::vector{perpetual()}, events), GetParam(), 1'000);
    now_ns = 20 * kMin + 500 * kMs;
    feed->advance(now_ns, SIZE_MAX);
    api.emplace(*feed, RestOptions{.weight_limit = 100});
  }

  RestAnswer get(const std::string& what) {
    const std::string prefix = GetParam() == Market::spot ? "/api/v3/" : "/fapi/v1/";
    return api->answer(prefix + what, "client", now_ns, wall_ns += kMin);
  }
  Json good(const std::string& what) {
    const RestAnswer answer = get(what);
    EXPECT_EQ(answer.status, 200) << what << ": " << answer.body;
    return Json::parse(answer.body);
  }
  int code(const std::string& what) {
    const RestAnswer answer = get(what);
    EXPECT_GE(answer.status, 400) << what;
    const Json body = Json::parse(answer.body);
    EXPECT_TRUE(body["msg"].is_string());
    return body["code"];
  }
  bool is_spot() const { return GetParam() == Market::spot; }

  std::optional<MarketFeed> feed;
  std::optional<RestApi> api;
  std::int64_t now_ns = 0;
  std::int64_t wall_ns = 0;
};

TEST_P(RestApiTest, PingAndTime) {
  EXPECT_EQ(get("ping").body, "{}");
  EXPECT_EQ(good("time")["serverTime"], 20 * 60'000 + 500);
}

TEST_P(RestApiTest, KlinesEndWithTheOpenOne) {
  const Json rows = good("klines?symbol=BTCUSDT&interval=1m");
  ASSERT_EQ(rows.size(), 21u);
  EXPECT_EQ(rows[0][0], 0);
  EXPECT_EQ(rows[0][6], 59'999);
  EXPECT_EQ(rows[20][0], 20 * 60'000);
  EXPECT_EQ(rows[20][8], 30);
  EXPECT_EQ(std::stod(rows[20][5].get<std::string>()), 0.3);
  EXPECT_EQ(good("klines?symbol=BTCUSDT&interval=5m").size(), 5u);
  EXPECT_EQ(good("klines?symbol=BTCUSDT&interval=1m&startTime=60000&endTime=179999").size(), 2u);
  EXPECT_EQ(good("klines?symbol=BTCUSDT&interval=1m&startTime=60000&limit=3")[2][0], 180'000);
}

TEST_P(RestApiTest, ABookWithoutItsSnapshotIsNotGivenAway) {
  auto events = book_message(kMin, 6, 7, 5, {{true, 999, 5}});
  const auto snapshot = book_message(2 * kMin, 6, 6, 0, {{true, 998, 5}, {false, 1'001, 7}}, kSnapshot);
  events.insert(events.end(), snapshot.begin(), snapshot.end());
  feed.emplace(std::make_unique<MemorySource>(std::vector{perpetual()}, events), GetParam(), 1'000);
  EXPECT_EQ(good("depth?symbol=BTCUSDT&limit=5")["lastUpdateId"], 0) << "nothing is known of any book";
  feed->advance(kMin, SIZE_MAX);
  EXPECT_EQ(get("depth?symbol=BTCUSDT&limit=5").status, 503);
  EXPECT_EQ(code("depth?symbol=BTCUSDT&limit=5"), -1001);
  feed->advance(2 * kMin, SIZE_MAX);
  const Json book = good("depth?symbol=BTCUSDT&limit=5");
  EXPECT_EQ(book["lastUpdateId"], 7);
  EXPECT_EQ(book["bids"].size(), 2u);
}

TEST_P(RestApiTest, AggTradesByIdTimeOrTheLast) {
  EXPECT_EQ(good("aggTrades?symbol=BTCUSDT&limit=3")[0]["a"], 28);
  EXPECT_EQ(good("aggTrades?symbol=BTCUSDT&fromId=5&limit=3")[2]["a"], 7);
  const std::string from = std::to_string(20 * 60'000 + 10), to = std::to_string(20 * 60'000 + 12);
  EXPECT_EQ(good("aggTrades?symbol=BTCUSDT&endTime=9223372036854775807").size(), 30u)
      << "no time is too late";
  const Json found = good("aggTrades?symbol=BTCUSDT&startTime=" + from + "&endTime=" + to);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]["a"], 10);
  EXPECT_EQ(found[2]["a"], 12);
  EXPECT_EQ(found[0].contains("M"), is_spot());
}

TEST_P(RestApiTest, DepthIsTheBookBestFirst) {
  const Json book = good("depth?symbol=BTCUSDT&limit=5");
  EXPECT_EQ(book["lastUpdateId"], 100);
  ASSERT_EQ(book["bids"].size(), 2u);
  EXPECT_EQ(std::stod(book["bids"][0][0].get<std::string>()), 99.9);
  EXPECT_EQ(book["asks"].size(), 1u);
  EXPECT_EQ(book.contains("E"), !is_spot());
}

TEST_P(RestApiTest, ExchangeInfoNamesStepsAndLimits) {
  const Json info = good("exchangeInfo");
  EXPECT_EQ(info["rateLimits"][0]["limit"], 100);
  const Json& symbol = info["symbols"][0];
  EXPECT_EQ(symbol["symbol"], "BTCUSDT");
  EXPECT_EQ(symbol["baseAsset"], "BTC");
  EXPECT_EQ(symbol["filters"][0]["filterType"], "PRICE_FILTER");
  EXPECT_EQ(std::stod(symbol["filters"][0]["tickSize"].get<std::string>()), 0.1);
  EXPECT_EQ(symbol["filters"][1]["filterType"], "LOT_SIZE");
}

TEST_P(RestApiTest, ExchangeInfoIsOfTheSymbolsThatAreNamed) {
  EXPECT_EQ(good("exchangeInfo?symbol=BTCUSDT")["symbols"].size(), 1u);
  EXPECT_EQ(good("exchangeInfo?symbols=%5B%22BTCUSDT%22%5D")["symbols"].size(), 1u);
  EXPECT_EQ(code("exchangeInfo?symbols=%5B%22BTCUSDT%22,%22NOSUCH%22%5D"), -1121);
  EXPECT_EQ(code("exchangeInfo?symbols=BTCUSDT"), -1100);
  EXPECT_EQ(code("exchangeInfo?symbol=BTCUSDT&symbols=%5B%22BTCUSDT%22%5D"), -1128);
}

TEST_P(RestApiTest, RefusesAsTheExchangeDoes) {
  EXPECT_EQ(code("klines?symbol=NOSUCH&interval=1m"), -1121);
  EXPECT_EQ(code("klines?symbol=btcusdt&interval=1m"), -1121);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=2m"), -1120);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1s"), -1120);  // of bars of a minute there are none
  EXPECT_EQ(code("klines?interval=1m"), -1102);
  EXPECT_EQ(code("klines?symbol=BTCUSDT"), -1102);
  EXPECT_EQ(code("klines?symbol=&interval=1m"), -1105);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&symbol=BTCUSDT&interval=1m"), -1101);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1m&colour=red"), -1104);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1m&limit=-1"), -1100);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1m&startTime=99999999999999999999"), -1100);
  EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1m&limit=0"), -1130);
  EXPECT_EQ(code("aggTrades?symbol=BTCUSDT&fromId=1&startTime=1"), -1128);
  EXPECT_EQ(code("ping?a=1"), -1104);
  EXPECT_EQ(get("nothing").status, 404);
  EXPECT_EQ(api->answer("/sapi/v1/ping", "client", 0, 0).status, 404);
  EXPECT_EQ(api->answer("/api/v3/%zz", "client", 0, 0).status, 400);
}

TEST_P(RestApiTest, MoreThanTheMostIsCutOnSpotAndRefusedOnUsdm) {
  const std::string asked = "klines?symbol=BTCUSDT&interval=1m&limit=5000";
  if (is_spot()) {
    EXPECT_EQ(good(asked).size(), 21u);
  } else {
    EXPECT_EQ(code(asked), -1130);
    EXPECT_EQ(code("depth?symbol=BTCUSDT&limit=7"), -4021);
    EXPECT_EQ(code("klines?symbol=BTCUSDT&interval=1m&startTime=2&endTime=1"), -1023);
  }
}

TEST_P(RestApiTest, WeightsAreCountedAndTheLimitIsKept) {
  const std::string target =
      std::string(is_spot() ? "/api/v3/" : "/fapi/v1/") + "klines?symbol=BTCUSDT&interval=1m";
  const std::int64_t wall = 10 * kMin + 20 * kSecond.value;
  const std::int64_t weight = api->answer(target, "a", now_ns, wall).used_weight;
  EXPECT_EQ(weight, is_spot() ? 2 : 5);
  RestAnswer answer;
  for (std::int64_t used = 2 * weight; used <= 100; used += weight) {
    answer = api->answer(target, "a", now_ns, wall);
    EXPECT_EQ(answer.used_weight, used);
    EXPECT_EQ(answer.status, 200);
  }
  answer = api->answer(target, "a", now_ns, wall);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.retry_after_s, 40);
  EXPECT_EQ(Json::parse(answer.body)["code"], -1003);
  EXPECT_EQ(api->answer(target, "b", now_ns, wall).status, 200);                       // another client
  EXPECT_EQ(api->answer(target, "a", now_ns, wall + 40 * kSecond.value).status, 200);  // another minute
}

INSTANTIATE_TEST_SUITE_P(Markets, RestApiTest, testing::Values(Market::spot, Market::usdm),
                         [](const auto& market) { return market.param == Market::spot ? "Spot" : "Usdm"; });

}  // namespace
}  // namespace hftsim::exchange
