#include "engine/bus/idle.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

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

}  // namespace
}  // namespace hftsim
