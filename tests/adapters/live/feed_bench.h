// A live feed for tests: what it hands out and says is kept, what it is to come to is waited for.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/live/live_feed.h"
#include "engine/core/decimal_step.h"
#include "engine/core/event.h"
#include "tests/adapters/net/scripted_server.h"

namespace hftsim::test {

inline constexpr std::int64_t kFirstMs = 1'704'067'200'000;  // 2024-01-01, on every grid
inline constexpr std::int64_t kMsInNs = 1'000'000;

inline Instrument live_instrument(const std::string& symbol = "BTCUSDT") {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.price_step = instrument.quantity_step = {1, 8};
  instrument.bar_interval = kMinute;
  return instrument;
}

// As the exchange writes them.
inline std::string trade_text(const Event& trade) {
  const auto number = [](std::int64_t steps) {
    return format_steps(steps, {1, 8});
  };
  return fmt::format(
      R"({{"stream":"btcusdt@aggTrade","data":{{"e":"aggTrade","E":{0},"s":"BTCUSDT","a":{1},"p":"{2}","q":"{3}","f":{4},"l":{5},"T":{0},"m":{6},"M":true}}}})",
      trade.ts_ns / kMsInNs, trade.trade.seq, number(trade.trade.price_ticks),
      number(trade.trade.quantity_lots), trade.trade.id_first, trade.trade.id_last, trade.has(kBuyerIsMaker));
}
// A millisecond for each id.
inline std::string trade_text(std::uint64_t id) {
  Event trade{};
  trade.ts_ns = (kFirstMs + static_cast<std::int64_t>(id)) * kMsInNs;
  trade.trade = {4'200'050'000'000, 25'000'000, id, id, id};
  return trade_text(trade);
}
inline std::string closed_bar_text(const Event& bar) {
  const std::int64_t close_ms = bar.ts_ns / kMsInNs;
  return fmt::format(
      R"({{"stream":"btcusdt@kline_1m","data":{{"e":"kline","E":{0},"s":"BTCUSDT","k":{{"t":{1},"T":{2},"s":"BTCUSDT","i":"1m","f":1,"L":2,"o":"{3:.8f}","c":"{4:.8f}","h":"{5:.8f}","l":"{6:.8f}","v":"{7:.8f}","n":{8},"x":true,"q":"1.0","V":"0.5","Q":"0.5","B":"0"}}}}}})",
      close_ms + 3, close_ms - 60'000, close_ms - 1, bar.bar.open, bar.bar.close, bar.bar.high, bar.bar.low,
      bar.bar.volume, bar.trades);
}

// REST that knows the time, and nothing else.
inline Reply time_alone(const std::string& target) {
  if (target.ends_with("/time")) return http_reply(200, fmt::format("{{\"serverTime\":{}}}", kFirstMs));
  return http_reply(404, "{}");
}

class FeedBench final : public FeedSink {
 public:
  // Of a server on this machine; impatient where it waits for the server, not where it judges it.
  // REST answers by the script.
  explicit FeedBench(int port, Script answers = time_alone) : rest(std::move(answers)) {
    options.rest_url = rest.url();
    options.websocket_url = fmt::format("ws://127.0.0.1:{}", port);
    options.instruments = {live_instrument()};
    options.times.reconnect = {.first = Duration(1'000'000), .most = Duration(20'000'000)};
    options.times.repair = {.first = Duration(1'000'000), .most = Duration(20'000'000), .attempts_max = 5};
    options.times.patience = Duration(1'000'000);
  }
  ~FeedBench() override {
    if (feed) feed->stop();
  }

  ScriptedServer rest;
  live::FeedOptions options;
  live::FeedStart start;
  std::unique_ptr<live::LiveFeed> feed;

  // Throws as LiveFeed::start() does.
  void run() {
    make();
    feed->start();
  }
  void make() {
    feed = std::make_unique<live::LiveFeed>(options, start, *this,
                                            [this](live::LogLevel, const std::string& text) {
                                              const std::lock_guard lock(mutex_);
                                              log_ += text + "\n";
                                            });
  }

  // Whether it came to that; a test that waits in vain fails late.
  bool comes_to(const std::function<bool(const live::FeedHealth&)>& state) const {
    for (int tries = 0; tries < 3000; ++tries) {
      if (state(feed->health())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  bool has_messages(std::uint64_t count) const {
    return comes_to([count](const live::FeedHealth& health) { return health.messages >= count; });
  }

  void take(std::span<const Event> events, const BlockStamps&) override {
    const std::lock_guard lock(mutex_);
    events_.insert(events_.end(), events.begin(), events.end());
  }
  std::vector<Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  std::vector<Event> events(EventKind kind, InstrumentId instrument = 0) const {
    std::vector<Event> some = events();
    std::erase_if(some,
                  [&](const Event& event) { return event.kind != kind || event.instrument != instrument; });
    return some;
  }
  std::size_t marks(SessionMark mark) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        events(EventKind::session_mark), [&](const Event& event) { return event.session.mark == mark; }));
  }
  std::vector<std::uint64_t> trade_ids() const {
    std::vector<std::uint64_t> ids;
    for (const Event& trade : events(EventKind::trade)) ids.push_back(trade.trade.seq);
    return ids;
  }
  std::string log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
  std::string log_;
};

}  // namespace hftsim::test
