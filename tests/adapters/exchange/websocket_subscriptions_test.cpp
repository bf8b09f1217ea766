#include "adapters/exchange/websocket_subscriptions.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;
using Json = nlohmann::json;

class WebsocketSubscriptionsTest : public testing::Test {
 protected:
  Json say(const std::string& message) { return Json::parse(subscriptions.answer(message)); }
  int error(const std::string& message) {
    const Json answer = say(message);
    EXPECT_TRUE(answer.contains("error")) << message << " -> " << answer.dump();
    return answer.contains("error") ? answer["error"]["code"].get<int>() : -1;
  }

  MarketFeed feed = feed_of({trade_at(kMs, 1, 1'000, 5)});
  ServerContext context{feed, ReplayClock(0, 1), {}, {.streams = 3}, 1};
  ListeningClient client;
  WebsocketSubscriptions subscriptions{context, client, {}};
};

TEST_F(WebsocketSubscriptionsTest, SubscribesListsAndUnsubscribes) {
  EXPECT_EQ(say(R"({"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth"],"id":1})"),
            (Json{{"result", nullptr}, {"id", 1}}));
  EXPECT_EQ(say(R"({"method":"LIST_SUBSCRIPTIONS","id":"x"})"),
            (Json{{"result", {"btcusdt@depth", "btcusdt@trade"}}, {"id", "x"}}));
  EXPECT_EQ(say(R"({"method":"UNSUBSCRIBE","params":["btcusdt@depth"],"id":2})")["id"], 2);
  feed.advance(kMin, SIZE_MAX);
  EXPECT_EQ(client.texts.size(), 1u);
  EXPECT_EQ(feed.publisher().stream_count(), 1u);
}

TEST_F(WebsocketSubscriptionsTest, WithoutAnIdItIsNull) {
  EXPECT_EQ(say(R"({"method":"LIST_SUBSCRIPTIONS"})")["id"], nullptr);
}

TEST_F(WebsocketSubscriptionsTest, StreamsThatAreNoneAreTakenAndCounted) {
  EXPECT_EQ(say(R"({"method":"SUBSCRIBE","params":["nosuch@trade"],"id":1})")["result"], nullptr);
  EXPECT_EQ(context.counts.unknown_streams, 1u);
}

TEST_F(WebsocketSubscriptionsTest, TooManyStreamsAreRefusedAltogether) {
  EXPECT_EQ(error(R"({"method":"SUBSCRIBE","params":["a@trade","b@trade","c@trade","d@trade"],"id":1})"), 2);
  EXPECT_EQ(feed.publisher().stream_count(), 0u);
}

TEST_F(WebsocketSubscriptionsTest, ThePropertyCombinedIsSetAndSaid) {
  EXPECT_EQ(say(R"({"method":"GET_PROPERTY","params":["combined"],"id":1})")["result"], false);
  EXPECT_EQ(say(R"({"method":"SET_PROPERTY","params":["combined",true],"id":2})")["result"], nullptr);
  EXPECT_TRUE(subscriptions.is_combined());
}

TEST_F(WebsocketSubscriptionsTest, BadMessagesAreAnsweredAsTheExchangeDoes) {
  EXPECT_EQ(error("not json"), 3);
  EXPECT_EQ(error(""), 3);
  EXPECT_EQ(error("[]"), 2);
  EXPECT_EQ(error(R"({"params":[],"id":1})"), 2);
  EXPECT_EQ(error(R"({"method":5,"id":1})"), 2);
  EXPECT_EQ(error(R"({"method":"subscribe","params":[],"id":1})"), 2);
  EXPECT_EQ(error(R"({"method":"SUBSCRIBE","id":1})"), 2);
  EXPECT_EQ(error(R"({"method":"SUBSCRIBE","params":"btcusdt@trade","id":1})"), 2);
  EXPECT_EQ(error(R"({"method":"SUBSCRIBE","params":[5],"id":1})"), 2);
  EXPECT_EQ(error(R"({"method":"SUBSCRIBE","params":[],"id":1.5})"), 2);
  EXPECT_EQ(error(R"({"method":"SET_PROPERTY","params":["colour",true],"id":1})"), 0);
  EXPECT_EQ(error(R"({"method":"SET_PROPERTY","params":["combined",1],"id":1})"), 1);
  EXPECT_EQ(error(R"({"method":"SET_PROPERTY","params":["combined",true,1],"id":1})"), 2);
  EXPECT_EQ(error("{\"method\":\"\xff\xfe\",\"id\":1}"), 3);
  EXPECT_EQ(error(std::string(10'000, '[')), 3);
}

}  // namespace
}  // namespace hftsim::exchange
