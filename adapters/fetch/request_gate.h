// What all connections to the exchange pass before they ask: together they stay within its limit of weight, and when
// it tells one of them to wait, all wait. Counts what happened.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "adapters/fetch/fetch_clock.h"
#include "adapters/fetch/weight_budget.h"

namespace hftsim::fetch {

struct FetchCounts {
  std::uint64_t requests = 0;  // retries too
  std::uint64_t retries = 0;
  std::uint64_t too_many = 0, banned = 0, failing = 0, broken = 0;  // why: 429, 418, 5xx, the connection
  std::uint64_t waits = 0;                                          // for the next minute's weight
  int weight_used_max = 0;  // in one minute, as the exchange says, or as we count where it does not
};

class RequestGate {
 public:
  // `clock` outlives this.
  RequestGate(int weight_per_minute, FetchClock& clock) : budget_(weight_per_minute), clock_(clock) {}

  // Waits until a request of that weight may leave, and counts it.
  void pass(int weight);

  // Waits before an attempt is repeated, when nobody else has to.
  void sleep(Duration duration) { clock_.sleep(duration); }

  // The exchange's count of weight used this minute.
  void heard(int used);

  // Nobody asks before so long from now.
  void hold(Duration duration);

  // A request failed and is made again: `cause` is one of the counters above.
  void count_retry(std::uint64_t FetchCounts::*cause);

  FetchCounts counts() const;
  int weight_most() const { return budget_.most(); }

 private:
  // When it may leave; counted where that is now.
  std::int64_t try_pass(int weight, std::int64_t now_ns, bool first);

  mutable std::mutex mutex_;
  WeightBudget budget_;
  FetchClock& clock_;
  std::int64_t held_until_ns_ = 0;
  FetchCounts counts_;
};

}  // namespace hftsim::fetch
