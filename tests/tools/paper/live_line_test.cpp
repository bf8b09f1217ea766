#include "tools/paper/live_line.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace hftsim {
namespace {

Event trade(std::int64_t recv_ns, std::uint64_t id) {
  Event event{};
  event.ts_ns = recv_ns;
  event.recv_ns = recv_ns;
  event.kind = EventKind::trade;
  event.trade.seq = id;
  return event;
}

std::vector<Event> trades(std::size_t count) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back(trade(static_cast<std::int64_t>(i), i));
  return events;
}

LiveLineOptions small_line() {
  return {.block_events = 4, .feature_count = 2, .bytes_most = 1, .idle = IdleStrategy::yield};
}

TEST(LiveLine, CarriesEveryEventInItsOrderHoweverItIsCut) {
  LiveLine line(small_line());
  line.take(trades(10), {.read_ns = 5, .parsed_ns = 6});
  line.end();
  std::uint64_t next = 0;
  std::vector<std::uint32_t> sizes;
  while (const auto handle = line.next_received()) {
    const Block& block = line[*handle];
    sizes.push_back(block.size);
    for (const Event& event : block.events) EXPECT_EQ(event.trade.seq, next++);
    EXPECT_EQ(block.last, block.size == 0);
    EXPECT_EQ(block.stamps.read_ns, block.last ? 0 : 5);
    line.pass_on(*handle);
  }
  EXPECT_EQ(sizes, (std::vector<std::uint32_t>{4, 4, 2, 0}));
  EXPECT_EQ(line.taken(), 10u);
}

TEST(LiveLine, LetsTheTimeOfReceiptNeverGoBack) {
  LiveLine line(small_line());
  line.take(std::vector{trade(7, 0), trade(3, 1)}, {});
  line.take(std::vector{trade(5, 2)}, {});
  line.take(std::vector{trade(9, 3)}, {});
  std::vector<std::int64_t> received;
  while (const auto handle = line.next_received()) {
    for (const Event& event : line[*handle].events) received.push_back(event.recv_ns);
  }
  EXPECT_EQ(received, (std::vector<std::int64_t>{7, 7, 7, 9}));
}

TEST(LiveLine, WaitsForABlockAndLosesNothingWhereWhoeverTradesIsBehind) {
  LiveLine line(small_line());
  const std::size_t count = 4 * 10 * line.block_count();
  std::thread network([&] {
    line.take(trades(count), {});
    line.end();
  });
  while (line.waits() == 0) std::this_thread::yield();
  std::uint64_t next = 0;
  for (bool ended = false; !ended;) {
    if (const auto handle = line.next_received()) {
      for (const Event& event : line[*handle].events) {
        ASSERT_EQ(event.trade.seq, next++);
      }
      ended = line[*handle].last;
      line.pass_on(*handle);
    }
    if (const auto handle = line.next_traded()) line.give_back(*handle);
  }
  network.join();
  EXPECT_EQ(next, count);
  EXPECT_GT(line.waits(), 0u);
  EXPECT_EQ(line.dropped(), 0u);
}

TEST(LiveLine, HasBlocksForCommandsThoughTheNetworkHasAllOthers) {
  LiveLine line(small_line());
  line.take(trades(4 * line.block_count()), {});
  const auto handle = line.block_for_command();
  ASSERT_TRUE(handle);
  line.pass_on(*handle);
  line.give_back(*line.next_traded());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(line.block_for_command());
  EXPECT_FALSE(line.block_for_command());
}

TEST(LiveLine, CountsWhatComesOnceNobodyTrades) {
  LiveLine line(small_line());
  line.abandon();
  line.take(trades(9), {});
  line.end();
  EXPECT_EQ(line.dropped(), 9u);
  EXPECT_FALSE(line.next_received());
}

}  // namespace
}  // namespace hftsim
