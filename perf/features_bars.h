// Seeded one-minute bars for the benchmarks of features: a random walk with wicks, volumes and trade counts.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/rng.h"

namespace hftsim::perf {

inline std::vector<Event> walking_bars(std::size_t count) {
  constexpr std::int64_t kFirstOpenNs = 1'767'312'000'000'000'000;  // 2026-01-02 00:00
  RandomStream random(3, "feature benchmark bars");
  std::vector<Event> bars;
  bars.reserve(count);
  double close = 88'000;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = close;
    close = open * exact_exp(3e-4 * random.normal());
    const double high = std::max(open, close) * (1 + 4e-4 * random.uniform());
    const double low = std::min(open, close) * (1 - 4e-4 * random.uniform());
    const double volume = 5 * exact_exp(random.normal());
    const Timestamp close_ts(kFirstOpenNs + static_cast<std::int64_t>(i + 1) * kMinute.value);
    bars.push_back(make_bar(close_ts, 0, {open, high, low, close, volume},
                            100 + static_cast<std::uint32_t>(random.below(2000))));
  }
  return bars;
}

}  // namespace hftsim::perf
