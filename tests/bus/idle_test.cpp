#include "engine/bus/idle.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

namespace hftsim {
namespace {

// How often this thread has given its core away of its own accord: what sleeping does and spinning does not.
long sleeps() {
  rusage usage;
  EXPECT_EQ(getrusage(RUSAGE_THREAD, &usage), 0);
  return usage.ru_nvcsw;
}

TEST(IdleStrategy, SpinIsNeverTheDefault) {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 64U, 100'000U})
    EXPECT_NE(default_idle_strategy(threads), IdleStrategy::spin);
}

TEST(IdleStrategy, ParksWhereThreadsOutnumberCores) {
  EXPECT_EQ(default_idle_strategy(100'000), IdleStrategy::park);
}

TEST(IdleStrategy, HasAName) {
  EXPECT_EQ(name_of(IdleStrategy::spin), "spin");
  EXPECT_EQ(name_of(IdleStrategy::yield), "yield");
  EXPECT_EQ(name_of(IdleStrategy::park), "park");
  EXPECT_EQ(name_of(IdleStrategy::wait), "wait");
  EXPECT_EQ(name_of(IdleStrategy::doze), "doze");
}

TEST(Idle, CountsEveryWait) {
  Idle idle(IdleStrategy::yield);
  EXPECT_EQ(idle.waits(), 0U);
  for (int i = 0; i < 10; ++i) idle.idle();
  idle.reset();
  idle.idle();
  EXPECT_EQ(idle.waits(), 11U);
}

TEST(Idle, SpinNeverSleeps) {
  Idle idle(IdleStrategy::spin);
  const long before = sleeps();
  for (int i = 0; i < 1000; ++i) idle.idle();
  EXPECT_EQ(sleeps(), before);
}

TEST(Idle, ParkSleepsOnceSpinningHasNotHelped) {
  Idle idle(IdleStrategy::park);
  const long before = sleeps();
  for (int i = 0; i < 130; ++i) idle.idle();
  EXPECT_GE(sleeps() - before, 40);
}

TEST(Idle, ResetBringsParkBackToSpinning) {
  Idle idle(IdleStrategy::park);
  const long before = sleeps();
  for (int i = 0; i < 1000; ++i) {
    idle.idle();
    if (i % 50 == 0) idle.reset();
  }
  EXPECT_EQ(sleeps(), before);
}

TEST(Idle, DozeSleepsAtOnce) {
  Idle idle(IdleStrategy::doze);
  const long before = sleeps();
  for (int i = 0; i < 5; ++i) idle.idle();
  EXPECT_GE(sleeps() - before, 5);
}

// Whether that thread of this process sleeps: the letter behind its name.
bool is_asleep(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.substr(name_end).starts_with(") S");
}

TEST(Idle, WaitSleepsUntilItIsNotified) {
  Wakeup wakeup;
  std::atomic<pid_t> id = 0;
  std::atomic<int> attempts = 0;
  std::atomic<bool> has_come = false;
  std::thread waiter([&] {
    Idle idle(IdleStrategy::wait, &wakeup);
    id = gettid();
    for (; !has_come.load(std::memory_order_relaxed); ++attempts) idle.idle();
  });
  while (id == 0 || attempts == 0 || !is_asleep(id)) std::this_thread::yield();
  const int before = attempts;
  EXPECT_GT(before, 100);  // before it slept
  has_come.store(true, std::memory_order_relaxed);
  wakeup.notify();
  waiter.join();
  EXPECT_EQ(attempts, before + 1);
}

}  // namespace
}  // namespace hftsim
