// The times of a live feed: when something was received, and which times of the exchange can be.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/core/units.h"

namespace hftsim::live {

// The wall clock as it was at the beginning, and what the monotonic one has gone since: never back, however the wall
// clock is set meanwhile.
class ReceiveClock {
 public:
  // `after_ns`: receive times of an earlier session, which this one's come behind.
  ReceiveClock(std::int64_t wall_ns, std::int64_t monotonic_ns, std::int64_t after_ns)
      : offset_ns_(wall_ns - monotonic_ns), last_ns_(after_ns) {}

  std::int64_t at(std::int64_t monotonic_ns) {
    last_ns_ = std::max(last_ns_, monotonic_ns + offset_ns_);
    return last_ns_;
  }

 private:
  std::int64_t offset_ns_, last_ns_;
};

// Keeps the session's clock, which goes by the events' times, from being pushed ahead by one absurd message.
class TimeGuard {
 public:
  TimeGuard(Duration ahead_max, std::int64_t wall_ns, std::int64_t monotonic_ns)
      : ahead_max_(ahead_max), offset_ns_(wall_ns - monotonic_ns) {}

  // The exchange's own word, when it was received.
  void server_said(std::int64_t server_ns, std::int64_t monotonic_ns) {
    offset_ns_ = server_ns - monotonic_ns;
    is_known_ = true;
  }
  void saw(std::int64_t ts_ns) { latest_ns_ = std::max(latest_ns_, ts_ns); }

  // The exchange's time can have come that far: by its word, else by the wall clock, or by the events so far.
  bool allows(std::int64_t ts_ns, std::int64_t monotonic_ns) const {
    if (ts_ns <= latest_ns_) return true;
    return ts_ns - ahead_max_.value <= std::max(latest_ns_, monotonic_ns + offset_ns_);
  }
  bool is_known() const { return is_known_; }

 private:
  Duration ahead_max_;
  std::int64_t offset_ns_;
  std::int64_t latest_ns_ = 0;
  bool is_known_ = false;
};

}  // namespace hftsim::live
