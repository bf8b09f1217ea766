#include "adapters/exchange/stream_publisher.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;
using Json = nlohmann::json;

std::vector<Event> joined(const std::vector<std::vector<Event>>& parts) {
  std::vector<Event> events;
  for (const std::vector<Event>& part : parts) events.insert(events.end(), part.begin(), part.end());
  return events;
}

std::vector<Json> heard(const std::string& stream, std::vector<Event> events, std::int64_t until_ns) {
  MarketFeed feed = feed_of(std::move(events));
  ListeningClient client;
  feed.publisher().subscribe(client, stream);
  feed.advance(until_ns, SIZE_MAX);
  std::vector<Json> messages;
  for (const std::string& text : client.texts) messages.push_back(Json::parse(text));
  return messages;
}

TEST(StreamPublisher, SendsWhatWasSubscribedToAndNothingElse) {
  MarketFeed feed = feed_of({trade_at(kMs, 1, 1'000, 5), quote_at(2 * kMs, 9, 999, 1'001)});
  ListeningClient trades, tickers, combined(true);
  EXPECT_TRUE(feed.publisher().subscribe(trades, "btcusdt@trade"));
  EXPECT_TRUE(feed.publisher().subscribe(tickers, "btcusdt@bookTicker"));
  EXPECT_TRUE(feed.publisher().subscribe(combined, "btcusdt@trade"));
  feed.advance(10 * kMs, SIZE_MAX);
  ASSERT_EQ(trades.texts.size(), 1u);
  ASSERT_EQ(tickers.texts.size(), 1u);
  ASSERT_EQ(combined.texts.size(), 1u);
  EXPECT_EQ(combined.texts[0], R"({"stream":"btcusdt@trade","data":)" + trades.texts[0] + "}");
}

TEST(StreamPublisher, UnknownStreamsAreTakenAndSilent) {
  MarketFeed feed = feed_of({trade_at(kMs, 1, 1'000, 5)});
  ListeningClient client;
  for (const char* stream :
       {"BTCUSDT@trade", "ethusdt@trade", "btcusdt@nothing", "btcusdt", "@trade", "", "btcusdt@kline_1s",
        "btcusdt@depth7", "btcusdt@depth@7ms", "btcusdt@depth20@0ms"}) {
    EXPECT_FALSE(feed.publisher().subscribe(client, stream)) << stream;
  }
  feed.advance(kMin, SIZE_MAX);
  EXPECT_TRUE(client.texts.empty());
}

TEST(StreamPublisher, AfterUnsubscribingNothingComes) {
  MarketFeed feed =
      feed_of({trade_at(kMs, 1, 1'000, 5), trade_at(3 * kMs, 2, 1'000, 5), trade_at(5 * kMs, 3, 1'000, 5)});
  ListeningClient stays, goes;
  for (ListeningClient* client : {&stays, &goes}) feed.publisher().subscribe(*client, "btcusdt@aggTrade");
  feed.advance(2 * kMs, SIZE_MAX);
  feed.publisher().unsubscribe(goes, "btcusdt@aggTrade");
  feed.advance(4 * kMs, SIZE_MAX);
  feed.publisher().remove(stays);
  feed.advance(6 * kMs, SIZE_MAX);
  EXPECT_EQ(goes.texts.size(), 1u);
  EXPECT_EQ(stays.texts.size(), 2u);
  EXPECT_EQ(feed.publisher().stream_count(), 0u);
}

TEST(StreamPublisher, DepthAtOnceIsTheSourcesMessages) {
  const auto events = joined({book_message(10 * kMs, 1, 3, 0, {{true, 999, 5}, {false, 1'001, 5}}, kSnapshot),
                              book_message(20 * kMs, 4, 6, 3, {{true, 999, 0}, {true, 998, 7}}),
                              book_message(30 * kMs, 7, 7, 6, {{false, 1'001, 9}})});
  const std::vector<Json> messages = heard("btcusdt@depth@0ms", events, kMin);
  ASSERT_EQ(messages.size(), 2u);  // the first snapshot is where clients begin
  EXPECT_EQ(messages[0]["U"], 4);
  EXPECT_EQ(messages[0]["u"], 6);
  EXPECT_EQ(messages[0]["pu"], 3);
  EXPECT_EQ(messages[0]["b"], Json::parse(R"([["99.9","0.000"],["99.8","0.007"]])"));
  EXPECT_EQ(messages[1]["pu"], 6);
}

TEST(StreamPublisher, DepthAtOnceWasSentWhenTheSourceSaysSo) {
  auto events = joined({book_message(10 * kMs, 1, 3, 0, {{true, 999, 5}}, kSnapshot),
                        book_message(20 * kMs, 4, 6, 3, {{true, 999, 6}})});
  events.back().send_delay_us = 4'000;
  const std::vector<Json> messages = heard("btcusdt@depth@0ms", events, kMin);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0]["T"], 20);
  EXPECT_EQ(messages[0]["E"], 24);
}

TEST(StreamPublisher, DepthEvery100MsIsOneMessageWithTheLastQuantities) {
  const auto events = joined({book_message(10 * kMs, 1, 3, 0, {{true, 999, 5}}, kSnapshot),
                              book_message(20 * kMs, 4, 6, 3, {{true, 999, 6}, {true, 998, 7}}),
                              book_message(30 * kMs, 7, 7, 6, {{true, 999, 8}}),
                              book_message(130 * kMs, 8, 8, 7, {{false, 1'001, 1}})});
  const std::vector<Json> messages = heard("btcusdt@depth@100ms", events, kMin);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0]["E"], 100);
  EXPECT_EQ(messages[0]["U"], 4);
  EXPECT_EQ(messages[0]["u"], 7);
  EXPECT_EQ(messages[0]["pu"], 3);
  EXPECT_EQ(messages[0]["b"], Json::parse(R"([["99.8","0.007"],["99.9","0.008"]])"));
  EXPECT_EQ(messages[1]["U"], 8);
  EXPECT_EQ(messages[1]["pu"], 7);
}

TEST(StreamPublisher, ALaterSnapshotComesAsWhatItChanges) {
  const auto events = joined({book_message(10 * kMs, 3, 3, 0, {{true, 999, 5}, {true, 998, 6}}, kSnapshot),
                              book_message(20 * kMs, 9, 9, 0, {{true, 999, 5}, {true, 997, 1}}, kSnapshot)});
  const std::vector<Json> messages = heard("btcusdt@depth@0ms", events, kMin);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0]["U"], 4);
  EXPECT_EQ(messages[0]["u"], 9);
  EXPECT_EQ(messages[0]["pu"], 3);
  EXPECT_EQ(messages[0]["b"], Json::parse(R"([["99.7","0.001"],["99.8","0.000"]])"));
}

TEST(StreamPublisher, PartialDepthIsTheTopOfTheBook) {
  std::vector<Level> levels;
  for (int i = 0; i < 30; ++i) levels.push_back({true, 999 - i, 5});
  const auto events = joined({book_message(10 * kMs, 1, 3, 0, levels, kSnapshot),
                              book_message(20 * kMs, 4, 6, 3, {{true, 999, 0}})});
  const std::vector<Json> messages = heard("btcusdt@depth20@100ms", events, kMin);
  ASSERT_EQ(messages.size(), 1u);
  ASSERT_EQ(messages[0]["b"].size(), 20u);
  EXPECT_EQ(messages[0]["b"][0][0], "99.8");
  EXPECT_EQ(messages[0]["u"], 6);
}

TEST(StreamPublisher, WithoutQuotesTheBookTickerFollowsFromTheBook) {
  const auto events = joined({book_message(10 * kMs, 1, 3, 0, {{true, 999, 5}, {false, 1'001, 6}}, kSnapshot),
                              book_message(20 * kMs, 4, 4, 3, {{true, 990, 1}}),
                              book_message(30 * kMs, 5, 6, 4, {{true, 1'000, 2}})});
  const std::vector<Json> messages = heard("btcusdt@bookTicker", events, kMin);
  ASSERT_EQ(messages.size(), 2u);  // the second message left the best where they were
  EXPECT_EQ(messages[1]["u"], 6);
  EXPECT_EQ(messages[1]["b"], "100.0");
  EXPECT_EQ(messages[1]["A"], "0.006");
}

TEST(StreamPublisher, CandlesComeWhileOpenAndOnceClosed) {
  std::vector<Event> events;
  for (int i = 0; i < 10; ++i)
    events.push_back(trade_at(kMs * (1 + 30 * i), static_cast<std::uint64_t>(i), 1'000 + i, 1));
  events.push_back(trade_at(kMin + kMs, 11, 900, 1));
  const std::vector<Json> messages = heard("btcusdt@kline_1m", events, kMin + 2 * kMs);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0]["E"], 250);
  EXPECT_EQ(messages[0]["k"]["x"], false);
  EXPECT_EQ(messages[0]["k"]["n"], 9);
  EXPECT_EQ(messages[1]["E"], 500);
  EXPECT_EQ(messages[2]["E"], 60'000);
  EXPECT_EQ(messages[2]["k"]["x"], true);
  EXPECT_EQ(messages[2]["k"]["n"], 10);
  EXPECT_EQ(messages[2]["k"]["c"], "100.9");
}

TEST(StreamPublisher, ALongerCandleClosesWithItsLastMinute) {
  std::vector<Event> events;
  for (int i = 1; i <= 10; ++i) events.push_back(bar_at(i * kMin, i, i, i, i, 1));
  std::vector<Json> closed;
  for (const Json& message : heard("btcusdt@kline_5m", events, 10 * kMin)) {
    if (message["k"]["x"] == true) closed.push_back(message["k"]);
  }
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[1]["t"], 5 * 60'000);
  EXPECT_EQ(closed[1]["o"], "6.0");
  EXPECT_EQ(closed[1]["c"], "10.0");
  EXPECT_EQ(closed[1]["v"], "5.000");
}

TEST(StreamPublisher, SkewMovesTheTimeOfSendingAlone) {
  MarketFeed feed = feed_of({trade_at(10 * kMs, 1, 1'000, 5)});
  ListeningClient client;
  feed.publisher().subscribe(client, "btcusdt@trade");
  feed.publisher().set_skew_ns(1'500 * kMs);
  feed.advance(kMin, SIZE_MAX);
  const Json message = Json::parse(client.texts.at(0));
  EXPECT_EQ(message["E"], 1'510);
  EXPECT_EQ(message["T"], 10);
}

}  // namespace
}  // namespace hftsim::exchange
