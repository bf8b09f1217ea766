// A live feed's hot path: once the longest message was seen, parsing allocates nothing.
#include <gtest/gtest.h>

#include "adapters/binance/message_parser.h"
#include "engine/core/allocation_counter.h"

namespace hftsim::binance {
namespace {

std::string depth_message(int levels) {
  std::string text =
      R"({"stream":"btcusdt@depth","data":{"e":"depthUpdate","E":5,"T":4,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[)";
  for (int i = 0; i < levels; ++i)
    text += (i == 0 ? "" : ",") + std::string(R"(["618)") + std::to_string(10 + i % 80) + R"(.20","1.250"])";
  return text + R"(],"a":[]}})";
}

TEST(MessageParser, AllocatesNothingAfterTheLongestMessage) {
  Instrument instrument;
  instrument.symbol = "BTCUSDT";
  instrument.price_step = {1, 2};
  instrument.quantity_step = {1, 3};
  SymbolTable symbols({instrument});
  MessageParser parser(symbols);
  std::vector<Event> events;
  parser.parse(depth_message(5000), 1, events);
  ASSERT_EQ(events.size(), 5000u);
  const std::string messages[] = {
      depth_message(4000),
      depth_message(1),
      R"({"e":"bookTicker","u":51,"s":"BTCUSDT","b":"5.20","B":"2.507","a":"5.30","A":"2.510","T":4,"E":5})",
      R"({"e":"trade","E":4,"T":3,"s":"BTCUSDT","t":52,"p":"5.30","q":"0.199","X":"MARKET","m":true})",
      R"({"e":"aggTrade","E":5,"a":16,"s":"BTCUSDT","p":"1.01","q":"10","f":22,"l":24,"T":4,"m":false})",
      R"({"e":"markPriceUpdate","s":"BTCUSDT"})"};
  for (int round = 0; round < 2; ++round) {
    const std::uint64_t before = thread_allocation_count;
    for (const std::string& message : messages) {
      events.clear();
      parser.parse(message, 1, events);
    }
    // The name of what is unknown is kept from the first round on.
    if (round == 1) {
      EXPECT_EQ(thread_allocation_count, before);
    }
  }
}

}  // namespace
}  // namespace hftsim::binance
