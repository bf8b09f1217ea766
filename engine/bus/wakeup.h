// Lets one thread sleep until another has work for it, with no wake-up lost and no call of the system while it is awake.
//
//   who brings work   puts it where it is looked for, then notify()
//   who waits         announce(), looks once more, then sleep() or stay_awake()
//
// The two exchanges are ordered: either announce() comes after notify() and the look after it finds the work, or
// notify() sees the announcement and wakes. Any number of threads may notify, one waits.
#pragma once

#include <atomic>
#include <cstdint>

namespace hftsim {

class Wakeup {
 public:
  void notify() {
    // Release pairs with announce()'s acquire: what was put before is found by the look that follows.
    if (sleeps_.exchange(0, std::memory_order_acq_rel) != 0) sleeps_.notify_one();
  }

  // Acquire pairs with notify()'s release.
  void announce() { sleeps_.exchange(1, std::memory_order_acq_rel); }
  // Until somebody notifies; at once where that was after announce().
  void sleep() { sleeps_.wait(1, std::memory_order_acquire); }  // pairs with notify()'s release
  void stay_awake() { sleeps_.store(0, std::memory_order_relaxed); }

 private:
  alignas(64) std::atomic<std::uint32_t> sleeps_{0};  // 1: announced, and nobody notified since
};

}  // namespace hftsim
