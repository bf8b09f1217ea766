// How many wrong tokens a minute are answered as such.
#pragma once

#include <cstdint>

#include "engine/core/units.h"

namespace hftsim::dashboard {

class TokenLimit {
 public:
  explicit TokenLimit(int a_minute) : most_(a_minute) {}

  // Counts one; false where it is one too many. `now_ns`: monotonic.
  bool take(std::int64_t now_ns) {
    if (now_ns - minute_ns_ >= kMinute.value) minute_ns_ = now_ns, taken_ = 0;
    return ++taken_ <= most_;
  }

 private:
  int most_, taken_ = 0;
  std::int64_t minute_ns_ = 0;
};

}  // namespace hftsim::dashboard
