// Events of one symbol as a source gives them, and a source of such.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/exchange/market_feed.h"
#include "engine/runtime/event_source.h"

namespace hftsim::exchange::test {

inline constexpr std::int64_t kMs = 1'000'000;
inline constexpr std::int64_t kMin = kMinute.value;

// Prices in 0.1, quantities in 0.001.
inline Instrument perpetual(const std::string& symbol = "BTCUSDT") {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.price_step = {1, 1};
  instrument.quantity_step = {1, 3};
  return instrument;
}

inline Event event_at(EventKind kind, std::int64_t ts_ns) {
  Event event{};
  event.ts_ns = event.recv_ns = ts_ns;
  event.kind = kind;
  return event;
}

inline Event trade_at(std::int64_t ts_ns, std::uint64_t id, std::int64_t ticks, std::int64_t lots,
                      std::uint8_t flags = 0) {
  Event event = event_at(EventKind::trade, ts_ns);
  event.flags = flags;
  event.trade = {ticks, lots, id, id, id};
  return event;
}

inline Event quote_at(std::int64_t ts_ns, std::uint64_t seq, std::int64_t bid, std::int64_t ask) {
  Event event = event_at(EventKind::quote, ts_ns);
  event.quote = {bid, 1'000, ask, 2'000, seq};
  return event;
}

inline Event bar_at(std::int64_t close_ns, double open, double high, double low, double close,
                    double volume) {
  return make_bar(Timestamp(close_ns), 0, {open, high, low, close, volume}, 7);
}

struct Level {
  bool is_bid;
  std::int64_t ticks, lots;
};

// The events of one message with the update ids first to last.
inline std::vector<Event> book_message(std::int64_t ts_ns, std::uint64_t first, std::uint64_t last,
                                       std::uint64_t previous, const std::vector<Level>& levels,
                                       std::uint8_t flags = 0) {
  std::vector<Event> events;
  for (const Level& level : levels) {
    Event event = event_at(EventKind::book_change, ts_ns);
    event.flags = static_cast<std::uint8_t>(flags | (level.is_bid ? kBidSide : 0));
    event.book = {level.ticks, level.lots, last, first, previous};
    events.push_back(event);
  }
  events.back().flags |= kMessageEnd;
  return events;
}

class MemorySource final : public EventSource {
 public:
  MemorySource(std::vector<Instrument> instruments, std::vector<Event> events)
      : instruments_(std::move(instruments)), events_(std::move(events)) {}

  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override {
    std::size_t count = 0;
    while (count < out.size() && next_ < events_.size()) out[count++] = events_[next_++];
    return count;
  }

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

inline MarketFeed feed_of(std::vector<Event> events, Market market = Market::usdm) {
  return MarketFeed(std::make_unique<MemorySource>(std::vector{perpetual()}, std::move(events)), market,
                    1'000);
}

// Keeps what it is sent.
class ListeningClient final : public StreamClient {
 public:
  explicit ListeningClient(bool combined = false) : combined_(combined) {}
  bool wants_combined() const override { return combined_; }
  void deliver(const StreamMessage& message) override { texts.push_back(*message.text); }

  std::vector<std::string> texts;

 private:
  bool combined_;
};

}  // namespace hftsim::exchange::test
