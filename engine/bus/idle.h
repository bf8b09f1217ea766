// What a thread does while its queue is empty: spin, yield, park, wait or doze.
//
//   spin   lowest latency, a core each; only where there are more cores than threads
//   yield  gives the core to whoever waits for it
//   park   spins briefly, then sleeps in steps up to 100 us; the default where threads outnumber cores
//   wait   spins and yields for some 50 us, then sleeps until it is notified: where everyone who brings work notifies
//   doze   sleeps 1 ms: for work that may wait and is better done in one go
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bus/wakeup.h"

namespace hftsim {

enum class IdleStrategy : std::uint8_t { spin, yield, park, wait, doze };

// The strategy for `thread_count` busy threads on this machine: spin never, yield where each has a core of
// its own, park otherwise.
IdleStrategy default_idle_strategy(unsigned thread_count);

std::string_view name_of(IdleStrategy strategy);

// One per waiting thread: call idle() after each fruitless attempt, reset() after a successful one.
class Idle {
 public:
  // `wakeup` outlives it; needed by wait alone.
  explicit Idle(IdleStrategy strategy, Wakeup* wakeup = nullptr);

  void idle();
  void reset() {
    attempts_ = 0;
    if (announced_) stay_awake();
  }
  std::uint64_t waits() const { return waits_; }

 private:
  void pause();
  void sleep();
  void stay_awake();

  IdleStrategy strategy_;
  bool announced_ = false;  // the attempt that follows is the last before it sleeps
  std::uint32_t attempts_ = 0;
  std::uint64_t waits_ = 0;
  Wakeup* wakeup_;
};

}  // namespace hftsim
