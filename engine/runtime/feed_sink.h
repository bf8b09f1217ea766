// Where a live feed puts what it has received.
#pragma once

#include <span>

#include "engine/core/block.h"
#include "engine/core/event.h"

namespace hftsim {

class FeedSink {
 public:
  virtual ~FeedSink() = default;

  // From the feed's thread alone, in the order in which a strategy is to see them; recv_ns never goes back. Per
  // instrument the bars are those of an unbroken stream. Waits where whoever trades is behind: nothing is dropped.
  virtual void take(std::span<const Event> events, const BlockStamps& stamps) = 0;
};

}  // namespace hftsim
