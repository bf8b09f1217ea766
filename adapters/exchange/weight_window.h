// How much a client has asked for within the running window (a minute of real time, as on the exchange), and when it may
// go on.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace hftsim::exchange {

struct WeightUse {
  std::int64_t used = 0;           // in this window, with this request
  std::int64_t retry_after_s = 0;  // > 0: above the limit, until the window ends
};

class WeightWindow {
 public:
  WeightWindow(std::int64_t limit, std::int64_t window_ns) : limit_(limit), window_ns_(window_ns) {}

  std::int64_t limit() const { return limit_; }

  WeightUse charge(const std::string& client, std::int64_t weight, std::int64_t wall_ns) {
    const std::int64_t window = wall_ns / window_ns_;
    if (window != window_) used_.clear();
    window_ = window;
    std::int64_t& used = used_[client];
    used += weight;
    if (used <= limit_) return {used, 0};
    const std::int64_t left_ns = (window + 1) * window_ns_ - wall_ns;
    return {used, (left_ns + 999'999'999) / 1'000'000'000};
  }

 private:
  std::int64_t limit_;
  std::int64_t window_ns_;
  std::int64_t window_ = -1;
  std::map<std::string, std::int64_t> used_;
};

}  // namespace hftsim::exchange
