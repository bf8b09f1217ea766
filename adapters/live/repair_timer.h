// When REST is asked for what is missing: not at once, for it may still come by itself; one request at a time; after one
// that brought nothing, a little later each time.
#pragma once

#include <cstdint>

#include "adapters/fetch/backoff.h"
#include "engine/core/rng.h"
#include "engine/core/units.h"

namespace hftsim::live {

class RepairTimer {
 public:
  // `random` outlives this.
  RepairTimer(Duration patience, const fetch::BackoffOptions& options, RandomStream& random)
      : patience_(patience), options_(options), random_(&random), backoff_(options, random) {}

  // Whether to ask now; asked often. A true is followed by answered().
  bool is_due(bool is_missing, std::int64_t now_ns) {
    if (is_asked_) return false;
    if (!is_missing) {
      due_ns_ = 0;
      return false;
    }
    if (due_ns_ == 0) {
      due_ns_ = now_ns + patience_.value;
      backoff_ = fetch::Backoff(options_, *random_);
      failures_ = 0;
    }
    is_asked_ = now_ns >= due_ns_;
    return is_asked_;
  }

  // `has_helped`: something of what was missing came.
  void answered(bool has_helped, std::int64_t now_ns) {
    is_asked_ = false;
    if (has_helped) {
      backoff_ = fetch::Backoff(options_, *random_);
      failures_ = 0;
      due_ns_ = now_ns;
      return;
    }
    ++failures_;
    due_ns_ = now_ns + backoff_.next().value;
  }

  // What is missing is asked for without patience.
  void hurry(std::int64_t now_ns) { due_ns_ = now_ns; }

  int failures() const { return failures_; }
  bool has_failed_finally() const { return failures_ >= options_.attempts_max; }

 private:
  Duration patience_;
  fetch::BackoffOptions options_;
  RandomStream* random_;
  fetch::Backoff backoff_;
  std::int64_t due_ns_ = 0;  // 0: nothing is missing
  bool is_asked_ = false;
  int failures_ = 0;
};

}  // namespace hftsim::live
