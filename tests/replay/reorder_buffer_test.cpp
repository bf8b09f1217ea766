#include "replay/reorder_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/core/rng.h"
#include "replay/key_order.h"

namespace hftsim {
namespace {

Event event_at(std::int64_t ts_ns, EventKind kind = EventKind::trade, InstrumentId instrument = 0,
               std::uint64_t seq = 0) {
  Event event{};
  event.ts_ns = ts_ns;
  event.recv_ns = 1000 - ts_ns;
  event.kind = kind;
  event.instrument = instrument;
  if (kind == EventKind::trade) event.trade.seq = seq;
  if (kind == EventKind::quote) event.quote.seq = seq;
  if (kind == EventKind::book_change) event.book.seq = seq;
  return event;
}

std::vector<Event> pop_all(ReorderBuffer& buffer, std::size_t room = 7) {
  std::vector<Event> all, batch(room);
  while (const std::size_t count = buffer.pop(batch))
    all.insert(all.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
  return all;
}

bool push(ReorderBuffer& buffer, const Event& event) {
  return buffer.push({&event, 1});
}

// Messages of one to five events, up to a window behind the newest; in the end all are there, sorted.
TEST(ReorderBuffer, GivesWhatComesWithinTheWindowAsASortWould) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomStream random(seed, "feed");
    ReorderBuffer buffer(EventOrder::exchange, 500);
    std::vector<Event> pushed, given;
    std::int64_t newest = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      newest += static_cast<std::int64_t>(random.below(10));
      const std::int64_t behind = random.below(10) == 0 ? static_cast<std::int64_t>(random.below(500)) : 0;
      constexpr EventKind kKinds[] = {EventKind::book_change, EventKind::quote, EventKind::trade,
                                      EventKind::bar};
      const Event event =
          event_at(newest - behind, kKinds[random.below(4)], static_cast<InstrumentId>(random.below(3)), i);
      const std::vector<Event> message(1 + random.below(5), event);
      ASSERT_TRUE(buffer.push(message));
      pushed.insert(pushed.end(), message.begin(), message.end());
      if (random.below(20) == 0) {
        const auto more = pop_all(buffer, 1 + random.below(300));
        given.insert(given.end(), more.begin(), more.end());
      }
    }
    ASSERT_GT(given.size(), 10'000u);
    EXPECT_EQ(given.size() + buffer.size(), pushed.size());
    buffer.finish();
    const auto rest = pop_all(buffer);
    given.insert(given.end(), rest.begin(), rest.end());
    sort_by_key(pushed);
    ASSERT_EQ(given.size(), pushed.size());
    EXPECT_EQ(std::memcmp(given.data(), pushed.data(), given.size() * sizeof(Event)), 0) << seed;
  }
}

TEST(ReorderBuffer, HoldsBackWhatMayStillBeOvertaken) {
  ReorderBuffer buffer(EventOrder::exchange, 100);
  EXPECT_TRUE(push(buffer, event_at(1000)));
  EXPECT_TRUE(push(buffer, event_at(1100)));
  EXPECT_TRUE(pop_all(buffer).empty()) << "an event of the same time may still come";
  EXPECT_TRUE(push(buffer, event_at(1101)));
  EXPECT_EQ(pop_all(buffer).size(), 1u);
  EXPECT_EQ(buffer.floor_ns(), 1001);
  EXPECT_EQ(buffer.size(), 2u);
}

TEST(ReorderBuffer, RefusesWhatIsOlderThanTheWindowAndKeepsTheRest) {
  ReorderBuffer buffer(EventOrder::exchange, 100);
  EXPECT_TRUE(push(buffer, event_at(1000)));
  EXPECT_FALSE(push(buffer, event_at(899)));
  EXPECT_TRUE(push(buffer, event_at(900)));
  EXPECT_TRUE(pop_all(buffer).empty());
  EXPECT_FALSE(push(buffer, event_at(899)));
  buffer.finish();
  EXPECT_EQ(pop_all(buffer).size(), 2u);
}

TEST(ReorderBuffer, SortsByTheTimeOfReceiptWhereThatIsTheOrder) {
  ReorderBuffer buffer(EventOrder::receive, 0);
  EXPECT_TRUE(push(buffer, event_at(7, EventKind::trade)));
  EXPECT_TRUE(push(buffer, event_at(7, EventKind::quote)));
  EXPECT_TRUE(push(buffer, event_at(5)));
  EXPECT_EQ(pop_all(buffer).size(), 2u);
  EXPECT_FALSE(push(buffer, event_at(7)));
  buffer.finish();
  EXPECT_EQ(pop_all(buffer).size(), 1u);
}

}  // namespace
}  // namespace hftsim
