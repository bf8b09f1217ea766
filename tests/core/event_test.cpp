#include "engine/core/event.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/core/event_key.h"
#include "engine/core/rng.h"

namespace hftsim {
namespace {

Event event_of(EventKind kind, std::int64_t ts_ns, InstrumentId instrument = 0, std::uint64_t seq = 0) {
  Event event{};
  event.ts_ns = ts_ns;
  event.kind = kind;
  event.instrument = instrument;
  switch (kind) {
    case EventKind::trade:
      event.trade.seq = seq;
      break;
    case EventKind::quote:
      event.quote.seq = seq;
      break;
    case EventKind::book_change:
      event.book.seq = seq;
      break;
    case EventKind::timer:
      event.timer.seq = seq;
      break;
    case EventKind::bar:
    case EventKind::session_mark:
      break;
  }
  return event;
}

// Recordings hold these bytes: moving a member would make every old file unreadable.
TEST(Event, LayoutIsOneCacheLine) {
  EXPECT_EQ(sizeof(Event), 64U);
  EXPECT_EQ(alignof(Event), 64U);
  EXPECT_EQ(offsetof(Event, ts_ns), 0U);
  EXPECT_EQ(offsetof(Event, recv_ns), 8U);
  EXPECT_EQ(offsetof(Event, trades), 16U);
  EXPECT_EQ(offsetof(Event, instrument), 20U);
  EXPECT_EQ(offsetof(Event, kind), 22U);
  EXPECT_EQ(offsetof(Event, flags), 23U);
  EXPECT_EQ(offsetof(Event, bar), 24U);
  EXPECT_EQ(offsetof(Event, book), 24U);
}

TEST(Event, BarIsKnownAndReceivedAtItsClose) {
  const Event bar = make_bar(Timestamp(60), 3, {1, 4, 0.5, 2, 10}, 17, kRepaired);
  EXPECT_EQ(bar.ts(), Timestamp(60));
  EXPECT_EQ(bar.recv_ns, 60);
  EXPECT_EQ(bar.instrument, 3);
  EXPECT_EQ(bar.kind, EventKind::bar);
  EXPECT_EQ(bar.bar.high, 4);
  EXPECT_TRUE(bar.has(kRepaired));
  EXPECT_FALSE(bar.has(kNoTradeCount));
}

TEST(Event, TradeCountFallsBackToVolumeOverClose) {
  EXPECT_EQ(trade_count(make_bar(Timestamp(0), 0, {1, 4, 1, 2, 10}, 17)), 17);
  EXPECT_EQ(trade_count(make_bar(Timestamp(0), 0, {1, 4, 1, 2, 10}, 17, kNoTradeCount)), 5);
}

TEST(EventKey, OrdersByTimeThenKindThenInstrumentThenSequence) {
  const std::vector<Event> in_order = {
      event_of(EventKind::bar, 99, 9),          event_of(EventKind::timer, 100, 5, 8),
      event_of(EventKind::book_change, 100, 2), event_of(EventKind::quote, 100, 1, 7),
      event_of(EventKind::trade, 100, 0, 50),   event_of(EventKind::trade, 100, 0, 51),
      event_of(EventKind::trade, 100, 1, 3),    event_of(EventKind::bar, 100, 0),
      event_of(EventKind::bar, 100, 1),         event_of(EventKind::session_mark, 100, 0),
      event_of(EventKind::timer, 101, 0, 0),
  };
  for (std::size_t i = 0; i < in_order.size(); ++i)
    for (std::size_t j = 0; j < in_order.size(); ++j)
      EXPECT_EQ(key_of(in_order[i]) < key_of(in_order[j]), i < j) << i << " and " << j;
}

TEST(EventKey, AnyArrivalSortsToTheSameOrder) {
  RandomStream random(1, "event_key");
  std::vector<EventKey> keys;
  for (std::int64_t ts = 0; ts < 5; ++ts)
    for (const EventKind kind : {EventKind::trade, EventKind::bar, EventKind::quote})
      for (InstrumentId instrument = 0; instrument < 3; ++instrument)
        keys.push_back(key_of(event_of(kind, ts, instrument)));
  std::vector<EventKey> reference = keys;
  std::sort(reference.begin(), reference.end());
  EXPECT_EQ(std::adjacent_find(reference.begin(), reference.end()), reference.end()) << "a tie is left";
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = keys.size() - 1; i > 0; --i) std::swap(keys[i], keys[random.below(i + 1)]);
    std::sort(keys.begin(), keys.end());
    EXPECT_EQ(keys, reference);
  }
}

TEST(EventKey, NegativeTimesComeBeforeTheEpoch) {
  EXPECT_LT(key_of(event_of(EventKind::bar, -1)), key_of(event_of(EventKind::timer, 0)));
}

}  // namespace
}  // namespace hftsim
