// Time that passes only when somebody sleeps.
#pragma once

#include <atomic>
#include <vector>

#include "adapters/fetch/fetch_clock.h"

namespace hftsim::test {

class FakeClock : public fetch::FetchClock {
 public:
  explicit FakeClock(const net::StopSignal& stop, std::int64_t start_ns = 1'700'000'000'000'000'000)
      : stop_(stop), now_ns_(start_ns) {}

  std::int64_t now_ns() const override { return now_ns_; }
  void sleep(Duration duration) override {
    stop_.check();
    now_ns_ += duration.value;
    slept_ns_ += duration.value;
  }
  Duration slept() const { return Duration(slept_ns_); }

 private:
  const net::StopSignal& stop_;
  std::atomic<std::int64_t> now_ns_, slept_ns_{0};
};

}  // namespace hftsim::test
