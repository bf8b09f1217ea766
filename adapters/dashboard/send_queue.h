// What one browser still has to be sent. Where it takes too slowly, what waits is dropped, and it is shown a snapshot once
// it takes something again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "adapters/dashboard/live_hub.h"

namespace hftsim::dashboard {

class SendQueue {
 public:
  // `most` updates may wait.
  explicit SendQueue(std::size_t most) : most_(most) {}

  // How many updates this browser will not see for it, the new one included.
  std::size_t add(const Text& update) {
    if (is_behind_) return 1;
    waiting_.push_back(update);
    if (waiting_.size() <= most_) return 0;
    const std::size_t dropped = waiting_.size();
    waiting_.clear();
    is_behind_ = true;
    return dropped;
  }

  // The next to be sent; null: nothing.
  Text take(LiveHub& hub) {
    if (is_behind_) {
      is_behind_ = false;
      return hub.snapshot();
    }
    if (waiting_.empty()) return nullptr;
    const Text text = waiting_.front();
    waiting_.pop_front();
    return text;
  }

 private:
  std::size_t most_;
  std::deque<Text> waiting_;
  bool is_behind_ = true;  // a new browser needs a snapshot first
};

}  // namespace hftsim::dashboard
