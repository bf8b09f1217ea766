// The exchange's time: so many times as fast as real time, from a beginning; or as fast as somebody takes what happens,
// where only events move it. Real time is handed in, so that tests need not wait.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace hftsim::exchange {

class ReplayClock {
 public:
  // speed: seconds of the exchange per real second; 0: unpaced.
  ReplayClock(std::int64_t start_ns, double speed) : now_ns_(start_ns), speed_(speed) { assert(speed >= 0); }

  bool is_paced() const { return speed_ > 0; }
  bool is_running() const { return is_running_; }

  // From this real time on it runs.
  void start(std::int64_t wall_ns) {
    is_running_ = true;
    wall_ns_ = wall_ns;
  }

  // An event has happened: unpaced time goes with it.
  void see(std::int64_t event_ns) {
    if (!is_paced()) now_ns_ = std::max(now_ns_, event_ns);
  }

  std::int64_t now(std::int64_t wall_ns) const {
    if (!is_running_ || !is_paced()) return now_ns_;
    return now_ns_ + static_cast<std::int64_t>(static_cast<double>(wall_ns - wall_ns_) * speed_);
  }

  // How long until then, in real time; 0 where it has come. Of a paced clock that runs.
  std::int64_t real_ns_until(std::int64_t ns, std::int64_t wall_ns) const {
    assert(is_paced());
    return std::max<std::int64_t>(0,
                                  static_cast<std::int64_t>(static_cast<double>(ns - now(wall_ns)) / speed_));
  }

 private:
  std::int64_t now_ns_;  // at wall_ns_
  double speed_;
  std::int64_t wall_ns_ = 0;
  bool is_running_ = false;
};

}  // namespace hftsim::exchange
