// What a client of the exchange may send: targets of requests, bodies of faults, messages over a websocket.
#include <algorithm>

#include "adapters/exchange/websocket_subscriptions.h"
#include "engine/core/errors.h"
#include "tests/adapters/exchange/exchange_events.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {

std::vector<std::string> seeds() {
  return {"/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=0&endTime=99999999&limit=5",
          "/api/v3/aggTrades?symbol=BTCUSDT&fromId=1",
          "/api/v3/depth?symbol=BTCUSDT&limit=5000",
          "/api/v3/exchangeInfo?symbol=BTCUSDT",
          "/ws/btcusdt@kline_1m/btcusdt%40depth20@100ms",
          "/stream?streams=btcusdt@trade/btcusdt@bookTicker",
          R"({"method":"SUBSCRIBE","params":["btcusdt@aggTrade","btcusdt@depth@0ms"],"id":1})",
          R"({"method":"SET_PROPERTY","params":["combined",true],"id":"a"})",
          "ws.gap=0.5@depth,reorder=1/2,skew=-1s",
          "stall=once:5s,rest.429=1"};
}

void run(std::span<const std::uint8_t> input) {
  using namespace exchange;
  const std::string text(input.begin(), input.end());
  std::vector<Event> events = {exchange::test::bar_at(kMinute.value, 1, 2, 1, 2, 3)};
  for (const Event& event :
       exchange::test::book_message(kMinute.value + 1, 1, 2, 0, {{true, 999, 5}}, kSnapshot)) {
    events.push_back(event);
  }
  events.push_back(exchange::test::trade_at(kMinute.value + 2, 1, 1'000, 5));
  MarketFeed feed = exchange::test::feed_of(events, Market::spot);
  ServerContext context(feed, ReplayClock(0, 1), {}, {}, 1);
  exchange::test::ListeningClient client;
  const WebsocketStart start = websocket_start(text).value_or(WebsocketStart{});
  WebsocketSubscriptions subscriptions(context, client, start);
  subscriptions.start();
  subscriptions.answer(text);
  try {
    context.set_faults(text);
  } catch (const BadInput&) {
  }
  feed.advance(2 * kMinute.value, SIZE_MAX);
  context.rest.answer(text, "client", 2 * kMinute.value, 0);
}

}  // namespace hftsim::fuzz
