// What a thread does while its queue is empty: spin, yield or park.
//
//   spin   lowest latency, a core each; only where there are more cores than threads
//   yield  gives the core to whoever waits for it
//   park   spins briefly, then sleeps in steps up to 100 us; the default where threads outnumber cores
#pragma once

#include <cstdint>
#include <string_view>

namespace hftsim {

enum class IdleStrategy : std::uint8_t { spin, yield, park };

// The strategy for `thread_count` busy threads on this machine: spin never, yield where each has a core of
// its own, park otherwise.
IdleStrategy default_idle_strategy(unsigned thread_count);

std::string_view name_of(IdleStrategy strategy);

// One per waiting thread: call idle() after each fruitless attempt, reset() after a successful one.
class Idle {
 public:
  explicit Idle(IdleStrategy strategy) : strategy_(strategy) {}

  void idle();
  void reset() { attempts_ = 0; }
  std::uint64_t waits() const { return waits_; }

 private:
  IdleStrategy strategy_;
  std::uint32_t attempts_ = 0;
  std::uint64_t waits_ = 0;
};

}  // namespace hftsim
