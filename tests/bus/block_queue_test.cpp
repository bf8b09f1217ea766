#include "engine/bus/block_queue.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <thread>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(BlockQueue, EmptyQueueGivesNothing) {
  BlockQueue queue(4);
  BlockHandle handle = 77;
  EXPECT_FALSE(queue.try_pop(handle));
  EXPECT_EQ(handle, 77U);
}

TEST(BlockQueue, GivesHandlesInTheOrderTheyCame) {
  BlockQueue queue(8);
  for (BlockHandle i = 0; i < 8; ++i) ASSERT_TRUE(queue.try_push(i));
  for (BlockHandle i = 0; i < 8; ++i) {
    BlockHandle handle;
    ASSERT_TRUE(queue.try_pop(handle));
    EXPECT_EQ(handle, i);
  }
}

TEST(BlockQueue, HoldsAtLeastItsCapacity) {
  for (const std::uint32_t capacity : {1U, 2U, 31U, 32U, 33U, 1000U, 5000U}) {
    BlockQueue queue(capacity);
    for (BlockHandle i = 0; i < capacity; ++i) ASSERT_TRUE(queue.try_push(i)) << capacity << " at " << i;
  }
}

TEST(BlockQueue, FullQueueRefusesAndRecovers) {
  BlockQueue queue(4);
  BlockHandle pushed = 0;
  while (queue.try_push(pushed)) ASSERT_LT(++pushed, 10'000U);
  BlockHandle handle, popped = 0;
  while (queue.try_pop(handle)) EXPECT_EQ(handle, popped++);
  EXPECT_EQ(popped, pushed);
  EXPECT_TRUE(queue.try_push(0));
}

// Random fills and drains, so that every internal boundary is crossed many times at every fill level.
TEST(BlockQueue, KeepsOrderAcrossManyWraps) {
  RandomStream random(1, "block_queue");
  BlockQueue queue(8);
  BlockHandle pushed = 0, popped = 0, handle;
  for (int round = 0; round < 50'000; ++round) {
    for (std::uint64_t n = random.below(9); n > 0 && pushed - popped < 8; --n)
      ASSERT_TRUE(queue.try_push(pushed++));
    for (std::uint64_t n = random.below(9); n > 0 && queue.try_pop(handle); --n) ASSERT_EQ(handle, popped++);
  }
  EXPECT_GT(popped, 100'000U);
}

TEST(BlockQueue, KeepsOrderBetweenThreads) {
  constexpr BlockHandle kCount = 50'000;
  BlockQueue queue(16);
  std::thread producer([&] {
    for (BlockHandle i = 0; i < kCount; ++i)
      while (!queue.try_push(i)) std::this_thread::yield();
  });
  BlockHandle expected = 0, handle;
  bool in_order = true;
  while (expected < kCount) {
    if (!queue.try_pop(handle)) {
      std::this_thread::yield();
      continue;
    }
    in_order = in_order && handle == expected;
    ++expected;
  }
  producer.join();
  EXPECT_TRUE(in_order);
  EXPECT_FALSE(queue.try_pop(handle));
}

std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(BlockQueue, AllocatesNothingAfterConstruction) {
  BlockQueue queue(8);
  const std::size_t before = heap_bytes();
  BlockHandle handle;
  for (BlockHandle i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(queue.try_push(i));
    if (i % 8 == 7)
      while (queue.try_pop(handle)) continue;
  }
  EXPECT_EQ(heap_bytes(), before);
}

}  // namespace
}  // namespace hftsim
