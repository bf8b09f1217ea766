// What has to hold of every stream of quotes, trades and bars: the total order, quotes that do not cross, trades at the
// quote before them, bars that are exactly their trades.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "engine/core/event_key.h"
#include "engine/runtime/event_source.h"

namespace hftsim::test {

inline std::vector<Event> read_all(EventSource& source, std::size_t at_a_time = 1000) {
  std::vector<Event> all, room(at_a_time);
  for (std::size_t count = source.read(room); count > 0; count = source.read(room))
    all.insert(all.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count));
  EXPECT_EQ(source.read(room), 0u) << "nothing comes after the end";
  return all;
}

inline std::vector<Event> of_kind(std::span<const Event> events, EventKind kind) {
  std::vector<Event> own;
  std::copy_if(events.begin(), events.end(), std::back_inserter(own),
               [&](const Event& event) { return event.kind == kind; });
  return own;
}

class TradeCheck {
 public:
  explicit TradeCheck(std::span<const Instrument> instruments)
      : instruments_(instruments.begin(), instruments.end()), states_(instruments.size()) {}

  // Stops at the first event that is wrong.
  void check(std::span<const Event> events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      ASSERT_TRUE(i == 0 || key_of(events[i - 1]) < key_of(events[i])) << "order, at event " << i;
      ASSERT_NO_FATAL_FAILURE(check(events[i])) << "event " << i;
    }
  }

 private:
  struct State {
    QuoteBody quote{};
    std::int64_t bid_left = 0, ask_left = 0;  // of what was quoted
    std::uint64_t trade_id = 0;
    std::int64_t open = 0, high = 0, low = 0, close = 0, lots = 0;
    std::uint32_t trades = 0;
    std::int64_t first_ns = 0, last_ns = 0;
  };

  void check(const Event& event) {
    State& state = states_.at(event.instrument);
    ASSERT_EQ(event.recv_ns, event.ts_ns);
    if (event.kind == EventKind::quote) check_quote(state, event);
    if (event.kind == EventKind::trade) check_trade(state, event);
    if (event.kind == EventKind::bar) check_bar(state, event);
  }

  void check_quote(State& state, const Event& event) {
    const QuoteBody& quote = event.quote;
    ASSERT_GE(quote.bid_ticks, 1);
    ASSERT_LT(quote.bid_ticks, quote.ask_ticks);
    ASSERT_GE(quote.bid_lots, 1);
    ASSERT_GE(quote.ask_lots, 1);
    ASSERT_GT(quote.seq, state.quote.seq);
    state.quote = quote;
    state.bid_left = quote.bid_lots;
    state.ask_left = quote.ask_lots;
  }

  void check_trade(State& state, const Event& event) {
    const TradeBody& trade = event.trade;
    const bool sold = event.has(kBuyerIsMaker);
    ASSERT_EQ(event.flags & ~kBuyerIsMaker, 0);
    ASSERT_EQ(trade.seq, ++state.trade_id);
    ASSERT_EQ(trade.id_first, trade.seq);
    ASSERT_EQ(trade.id_last, trade.seq);
    ASSERT_GE(trade.quantity_lots, 1);
    ASSERT_EQ(trade.price_ticks, sold ? state.quote.bid_ticks : state.quote.ask_ticks);
    ASSERT_GE((sold ? state.bid_left : state.ask_left) -= trade.quantity_lots, 0);
    if (state.trades++ == 0) {
      state.open = state.high = state.low = trade.price_ticks;
      state.first_ns = event.ts_ns;
    }
    state.high = std::max(state.high, trade.price_ticks);
    state.low = std::min(state.low, trade.price_ticks);
    state.close = trade.price_ticks;
    state.lots += trade.quantity_lots;
    state.last_ns = event.ts_ns;
  }

  void check_bar(State& state, const Event& event) {
    const Instrument& instrument = instruments_[event.instrument];
    ASSERT_EQ(event.trades, state.trades);
    ASSERT_EQ(event.bar.volume, instrument.quantity_step.value(state.lots));
    if (state.trades > 0) {
      ASSERT_EQ(event.bar.open, instrument.price_step.value(state.open));
      ASSERT_EQ(event.bar.high, instrument.price_step.value(state.high));
      ASSERT_EQ(event.bar.low, instrument.price_step.value(state.low));
      ASSERT_EQ(event.bar.close, instrument.price_step.value(state.close));
      ASSERT_GE(state.first_ns, event.ts_ns - instrument.bar_interval.value);
      ASSERT_LT(state.last_ns, event.ts_ns);
    }
    state.trades = 0;
    state.lots = 0;
  }

  std::vector<Instrument> instruments_;
  std::vector<State> states_;
};

}  // namespace hftsim::test
