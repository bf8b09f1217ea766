#include "adapters/fetch/fetch_clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/core/clock.h"

namespace hftsim::fetch {

std::int64_t WallFetchClock::now_ns() const {
  return wall_clock_now().value;
}

void WallFetchClock::sleep(Duration duration) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::nanoseconds(duration.value);
  for (auto now = Clock::now(); now < until; now = Clock::now()) {
    stop_.check();
    std::this_thread::sleep_for(std::min<Clock::duration>(net::kStopPoll, until - now));
  }
  stop_.check();
}

}  // namespace hftsim::fetch
