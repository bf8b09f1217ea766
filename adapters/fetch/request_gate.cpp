#include "adapters/fetch/request_gate.h"

#include <algorithm>

namespace hftsim::fetch {

void RequestGate::pass(int weight) {
  for (bool first = true;; first = false) {
    const std::int64_t now_ns = clock_.now_ns();
    const std::int64_t leaves_ns = try_pass(weight, now_ns, first);
    if (leaves_ns <= now_ns) return;
    clock_.sleep(Duration(leaves_ns - now_ns));
  }
}

std::int64_t RequestGate::try_pass(int weight, std::int64_t now_ns, bool first) {
  const std::lock_guard lock(mutex_);
  const std::int64_t by_weight_ns = budget_.earliest_ns(weight, now_ns);
  const std::int64_t leaves_ns = std::max(by_weight_ns, held_until_ns_);
  if (leaves_ns > now_ns) {
    if (first && by_weight_ns > now_ns) ++counts_.waits;
    return leaves_ns;
  }
  budget_.charge(weight, now_ns);
  ++counts_.requests;
  counts_.weight_used_max = std::max(counts_.weight_used_max, budget_.used());
  return now_ns;
}

void RequestGate::heard(int used) {
  const std::int64_t now_ns = clock_.now_ns();
  const std::lock_guard lock(mutex_);
  budget_.heard(used, now_ns);
  counts_.weight_used_max = std::max(counts_.weight_used_max, budget_.used());
}

void RequestGate::hold(Duration duration) {
  const std::int64_t until_ns = clock_.now_ns() + duration.value;
  const std::lock_guard lock(mutex_);
  held_until_ns_ = std::max(held_until_ns_, until_ns);
}

void RequestGate::count_retry(std::uint64_t FetchCounts::*cause) {
  const std::lock_guard lock(mutex_);
  ++counts_.retries;
  ++(counts_.*cause);
}

FetchCounts RequestGate::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace hftsim::fetch
