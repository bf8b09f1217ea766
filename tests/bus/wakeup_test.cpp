// A wake-up that is lost leaves a thread asleep: these tests then hang, and ctest ends them.
#include "engine/bus/wakeup.h"

#include <gtest/gtest.h>
#include <immintrin.h>

#include <random>
#include <thread>
#include <vector>

#include "engine/bus/agent.h"
#include "engine/bus/block_queue.h"

namespace hftsim {
namespace {

// Up to 64 pauses: the two threads meet at every point of each other's way.
void pause_a_little(std::minstd_rand& random) {
  for (auto pauses = random() % 64; pauses > 0; --pauses) _mm_pause();
}

// Goes to sleep about when the other one has got so far.
void wait_for(Wakeup& wakeup, const std::atomic<std::uint32_t>& value, std::uint32_t wanted,
              std::minstd_rand& random) {
  while (value.load(std::memory_order_relaxed) != wanted) {
    pause_a_little(random);
    wakeup.announce();
    if (value.load(std::memory_order_relaxed) == wanted) return wakeup.stay_awake();
    wakeup.sleep();
  }
}

TEST(Wakeup, LosesNoneBetweenTwoThreadsThatTakeTurnsToSleep) {
  constexpr std::uint32_t kRounds = 50'000;
  Wakeup there_wakeup, back_wakeup;
  std::atomic<std::uint32_t> there{0}, back{0};
  std::thread echo([&] {
    std::minstd_rand random(1);
    for (std::uint32_t round = 1; round <= kRounds; ++round) {
      wait_for(there_wakeup, there, round, random);
      pause_a_little(random);
      back.store(round, std::memory_order_relaxed);
      back_wakeup.notify();
    }
  });
  std::minstd_rand random(2);
  for (std::uint32_t round = 1; round <= kRounds; ++round) {
    pause_a_little(random);
    there.store(round, std::memory_order_relaxed);
    there_wakeup.notify();
    wait_for(back_wakeup, back, round, random);
  }
  echo.join();
  EXPECT_EQ(there, kRounds);
  EXPECT_EQ(back, kRounds);
}

TEST(Wakeup, WhatWasNotifiedAfterTheAnnouncementKeepsItAwake) {
  Wakeup wakeup;
  wakeup.announce();
  wakeup.notify();
  wakeup.sleep();  // returns
  wakeup.notify();
  wakeup.announce();
  std::thread other([&] { wakeup.notify(); });
  wakeup.sleep();
  other.join();
}

TEST(Wakeup, ShowsWhatWasPutBeforeTheNotification) {
  constexpr BlockHandle kHandles = 20'000;
  Wakeup wakeup;
  BlockQueue queue(64);
  std::vector<std::uint64_t> places(64);
  std::atomic<BlockHandle> taken{0};
  std::uint64_t sum = 0;
  std::atomic<bool> stop{false};
  Agent consumer({.name = "consumer", .idle = IdleStrategy::wait, .wakeup = &wakeup}, stop, [&] {
    BlockHandle handle;
    if (!queue.try_pop(handle)) return Work::found_none;
    sum += places[handle % 64];
    taken.store(handle + 1, std::memory_order_release);
    return handle + 1 == kHandles ? Work::finished : Work::done_some;
  });
  std::minstd_rand random(3);
  for (BlockHandle handle = 0; handle < kHandles; ++handle) {
    if (handle % 64 == 0)
      while (taken.load(std::memory_order_acquire) < handle) std::this_thread::yield();
    pause_a_little(random);
    places[handle % 64] = handle;
    EXPECT_TRUE(queue.try_push(handle));
    wakeup.notify();
  }
  consumer.join();
  EXPECT_EQ(sum, std::uint64_t{kHandles} * (kHandles - 1) / 2);
}

}  // namespace
}  // namespace hftsim
