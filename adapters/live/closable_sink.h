// A sink that can be closed: whoever closes it waits for the call under way, and no further one gets through. A feed whose
// thread hangs in the network outlives its stop(); what it is given to stays untouched from then on.
#pragma once

#include <mutex>
#include <span>

#include "engine/runtime/feed_sink.h"

namespace hftsim::live {

class ClosableSink final : public FeedSink {
 public:
  explicit ClosableSink(FeedSink& sink) : sink_(sink) {}

  void take(std::span<const Event> events, const BlockStamps& stamps) override {
    const std::lock_guard lock(mutex_);
    if (!is_closed_) sink_.take(events, stamps);
  }
  void close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }

 private:
  FeedSink& sink_;
  std::mutex mutex_;
  bool is_closed_ = false;
};

}  // namespace hftsim::live
