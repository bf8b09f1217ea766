// Time. In a simulation only events move the clock (SimulationClock). Real clocks are read here and nowhere
// else: they measure how long stages take and never reach a decision.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>

#include "engine/core/units.h"

namespace hftsim {

class SimulationClock {
 public:
  Timestamp now() const { return now_; }

  // Moves forward; an event older than the clock leaves it where it is.
  void advance_to(Timestamp ts) {
    if (ts > now_) now_ = ts;
  }

 private:
  Timestamp now_{INT64_MIN};
};

// Nanoseconds of a clock that never steps back; differences only. About 25 ns a call.
std::int64_t monotonic_ns();

// Wall-clock time in UTC, for log lines and names of run directories.
Timestamp wall_clock_now();

// "2026-01-02 05:30:00" in UTC; with the fraction where there is one.
std::string format_utc(Timestamp ts);

}  // namespace hftsim
