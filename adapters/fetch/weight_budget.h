// How much may still be asked of the exchange this minute. It counts the weight of all requests from our address,
// per calendar minute, says the sum with every answer (X-MBX-USED-WEIGHT-1M), and refuses what is beyond its limit.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hftsim::fetch {

class WeightBudget {
 public:
  // Of the exchange's limit some is left to the user's other programs.
  explicit WeightBudget(int weight_per_minute) : most_(weight_per_minute * 4 / 5) {}

  // When a request of that weight may leave: now, or as the next minute begins.
  std::int64_t earliest_ns(int weight, std::int64_t now_ns) const {
    if (minute_of(now_ns) > minute_ || used_ == 0 || used_ + weight <= most_) return now_ns;
    return (minute_ + 1) * kMinuteNs;
  }

  // A request of that weight leaves.
  void charge(int weight, std::int64_t now_ns) {
    turn_to(now_ns);
    used_ += weight;
  }

  // What the exchange says. It is ahead of us where others ask too, behind where requests are on their way.
  void heard(int used, std::int64_t now_ns) {
    turn_to(now_ns);
    used_ = std::max(used_, used);
  }

  int used() const { return used_; }
  int most() const { return most_; }

 private:
  static constexpr std::int64_t kMinuteNs = 60'000'000'000;
  static std::int64_t minute_of(std::int64_t ns) { return ns / kMinuteNs; }

  void turn_to(std::int64_t now_ns) {
    if (minute_of(now_ns) <= minute_) return;
    minute_ = minute_of(now_ns);
    used_ = 0;
  }

  int most_;
  int used_ = 0;
  std::int64_t minute_ = 0;  // since 1970
};

}  // namespace hftsim::fetch
