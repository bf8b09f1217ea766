// How long to wait before trying again: twice as long each time, up to a most, and by chance up to half less, so that
// those who were refused together do not come back together.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/rng.h"
#include "engine/core/units.h"

namespace hftsim::fetch {

struct BackoffOptions {
  Duration first{500'000'000};
  Duration most = 30 * kSecond;
  int attempts_max = 8;
};

class Backoff {
 public:
  // `random` outlives this.
  Backoff(const BackoffOptions& options, RandomStream& random) : options_(options), random_(&random) {}

  // After one more attempt that failed: whether another is due, and after how long.
  bool is_exhausted() const { return attempts_ >= options_.attempts_max; }
  Duration next() {
    const std::int64_t doubled = options_.first.value << std::min(attempts_ - 1, 20);
    const std::int64_t longest = std::min(doubled, options_.most.value);
    ++attempts_;
    return Duration(longest -
                    static_cast<std::int64_t>(random_->uniform() * static_cast<double>(longest) / 2));
  }
  int attempts() const { return attempts_; }

 private:
  BackoffOptions options_;
  RandomStream* random_;
  int attempts_ = 1;  // the first is being made
};

}  // namespace hftsim::fetch
