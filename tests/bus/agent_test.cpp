#include "engine/bus/agent.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <memory>
#include <stdexcept>

namespace hftsim {
namespace {

TEST(Agent, CallsUntilFinished) {
  std::atomic<bool> stop = false;
  int calls = 0;
  Agent agent({.name = "counter"}, stop, [&] { return ++calls < 100 ? Work::done_some : Work::finished; });
  agent.join();
  EXPECT_EQ(calls, 100);
  EXPECT_FALSE(stop);
}

TEST(Agent, CountsHowOftenItFoundNoWork) {
  std::atomic<bool> stop = false;
  int calls = 0;
  Agent agent({.name = "waiter"}, stop, [&] {
    ++calls;
    if (calls == 10) return Work::finished;
    return calls % 3 == 0 ? Work::found_none : Work::done_some;
  });
  agent.join();
  EXPECT_EQ(agent.waits(), 3U);
}

TEST(Agent, JoinThrowsWhatTheAgentThrew) {
  std::atomic<bool> stop = false;
  Agent agent({.name = "thrower"}, stop, []() -> Work { throw std::runtime_error("bar 17 is torn"); });
  try {
    agent.join();
    FAIL() << "join() returned";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "bar 17 is torn");
  }
  EXPECT_TRUE(stop);
}

TEST(Agent, OneFailureStopsTheOthers) {
  std::atomic<bool> stop = false;
  Agent endless({.name = "endless"}, stop, [] { return Work::found_none; });
  Agent thrower({.name = "thrower"}, stop, []() -> Work { throw std::runtime_error("no"); });
  endless.join();  // would hang if the failure did not reach it
  EXPECT_THROW(thrower.join(), std::runtime_error);
}

TEST(Agent, DestructionStopsAndWaits) {
  std::atomic<bool> stop = false;
  std::atomic<int> inside = 0;
  {
    Agent agent({.name = "endless"}, stop, [&] {
      ++inside;
      return Work::done_some;
    });
    while (inside == 0) sched_yield();
  }
  const int calls = inside;
  EXPECT_TRUE(stop);
  for (int i = 0; i < 100; ++i) sched_yield();
  EXPECT_EQ(inside, calls);
}

TEST(Agent, DestructionAfterAFailureDoesNotThrow) {
  std::atomic<bool> stop = false;
  auto agent = std::make_unique<Agent>(AgentOptions{.name = "thrower"}, stop,
                                       []() -> Work { throw std::runtime_error("no"); });
  EXPECT_NO_THROW(agent.reset());
}

TEST(Agent, ThreadCarriesItsNameCutToFifteen) {
  std::atomic<bool> stop = false;
  char name[32] = "";
  Agent agent({.name = "features-partition-3"}, stop, [&] {
    pthread_getname_np(pthread_self(), name, sizeof name);
    return Work::finished;
  });
  agent.join();
  EXPECT_STREQ(name, "features-partit");
}

int an_allowed_core() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  EXPECT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  for (int core = CPU_SETSIZE - 1; core >= 0; --core)
    if (CPU_ISSET(static_cast<unsigned>(core), &allowed)) return core;
  return -1;
}

TEST(Agent, RunsOnTheCoreItIsPinnedTo) {
  const int core = an_allowed_core();
  std::atomic<bool> stop = false;
  cpu_set_t seen;
  CPU_ZERO(&seen);
  Agent agent({.name = "pinned", .core = core}, stop, [&] {
    pthread_getaffinity_np(pthread_self(), sizeof seen, &seen);
    return Work::finished;
  });
  agent.join();
  EXPECT_EQ(CPU_COUNT(&seen), 1);
  EXPECT_TRUE(CPU_ISSET(static_cast<unsigned>(core), &seen));
}

TEST(PinThisThread, RefusesCoresThatAreNotThere) {
  EXPECT_FALSE(pin_this_thread(-1));
  EXPECT_FALSE(pin_this_thread(CPU_SETSIZE));
  EXPECT_FALSE(pin_this_thread(CPU_SETSIZE - 1));  // no machine this runs on has so many
}

}  // namespace
}  // namespace hftsim
