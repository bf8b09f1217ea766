// When each bar of a run opened: irregular bars where the one before them closed, the first of them where it closed
// itself (nothing says more).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim {

class BarOpenings {
 public:
  explicit BarOpenings(std::span<const Instrument> instruments = {}) {
    for (const Instrument& instrument : instruments) lanes_.push_back({instrument.bar_interval.value});
  }

  // Of every bar in turn.
  std::int64_t open_ns(const Event& bar) {
    Lane& lane = lanes_[bar.instrument];
    if (lane.interval_ns > 0) return bar.ts_ns - lane.interval_ns;
    const std::int64_t open_ns = lane.has_closed ? lane.closed_ns : bar.ts_ns;
    lane.closed_ns = bar.ts_ns;
    lane.has_closed = true;
    return open_ns;
  }

 private:
  struct Lane {
    std::int64_t interval_ns;
    std::int64_t closed_ns = 0;
    bool has_closed = false;
  };

  std::vector<Lane> lanes_;
};

}  // namespace hftsim
