// Tells whoever waits for the network to stop: the user did (a flag that a signal handler sets), or another thread
// failed. Looked at at least every kStopPoll while waiting.
#pragma once

#include <atomic>
#include <chrono>

#include "adapters/net/net_errors.h"

namespace hftsim::net {

inline constexpr std::chrono::milliseconds kStopPoll{50};

class StopSignal {
 public:
  // `user`: may be null; outlives this.
  explicit StopSignal(const std::atomic<bool>* user = nullptr) : user_(user) {}

  void request() { own_.store(true, std::memory_order_relaxed); }
  bool requested() const {
    return own_.load(std::memory_order_relaxed) || (user_ && user_->load(std::memory_order_relaxed));
  }

  // Throws Interrupted.
  void check() const {
    if (requested()) throw Interrupted("interrupted");
  }

 private:
  const std::atomic<bool>* user_;
  std::atomic<bool> own_{false};
};

}  // namespace hftsim::net
