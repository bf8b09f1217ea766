// Seeded one-minute bars with what breaks rolling formulas planted in them: flat stretches of zero-range bars
// (some without any volume), volume spikes of 1e7, price spikes of 20 per cent.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/rng.h"

namespace hftsim::features {

class PlantedBars {
 public:
  static constexpr std::uint64_t kFlatEvery = 5000, kFlatAt = 1000, kFlatBars = 60;
  static constexpr std::uint64_t kSpikeEvery = 100'003, kSpikeAt = 77;

  explicit PlantedBars(std::uint64_t seed, std::string_view name = "planted bars") : random_(seed, name) {}

  Event next() {
    const std::uint64_t i = bar_++;
    const bool flat = i % kFlatEvery >= kFlatAt && i % kFlatEvery < kFlatAt + kFlatBars;
    const bool spike = i % kSpikeEvery == kSpikeAt, after_spike = i % kSpikeEvery == kSpikeAt + 1;
    const double open = close_;
    if (!flat) close_ = to_cents(drifted(open) * (spike ? 1.2 : (after_spike ? 1 / 1.2 : 1.0)));
    const double wick = flat ? 0.0 : 4e-4;
    const double high = std::max({open, close_, to_cents(std::max(open, close_) * (1 + wick * uniform()))});
    const double low = std::min({open, close_, to_cents(std::min(open, close_) * (1 - wick * uniform()))});
    const double traded = std::round(5e5 * exact_exp(1.5 * random_.normal())) * 1e-5 + 1e-5;
    const double quiet = i / kFlatEvery % 4 == 3 ? 0.0 : 1e-5;
    const double volume = flat ? quiet : traded * (spike ? 1e7 : 1.0);
    const auto trades = static_cast<std::uint32_t>(random_.below(2000));
    const Timestamp close_ts(kStartNs + static_cast<std::int64_t>(i + 1) * kMinuteNs);
    return make_bar(close_ts, 0, {open, high, low, close_, volume}, trades);
  }

  // Whether bar i lies within `bars` after a planted event. Of 64 flat stretches two count.
  static bool is_near_planted(std::uint64_t i, std::uint64_t bars) {
    const bool near_spike = i % kSpikeEvery >= kSpikeAt && i % kSpikeEvery < kSpikeAt + bars;
    const std::uint64_t at = i % kFlatEvery;
    const bool near_flat = i / kFlatEvery % 64 / 2 == 1 && at >= kFlatAt && at < kFlatAt + kFlatBars + bars;
    return near_spike || near_flat;
  }

 private:
  static constexpr std::int64_t kMinuteNs = 60'000'000'000;
  static constexpr std::int64_t kStartNs = 1'767'331'800'000'000'000;  // 2026-01-02 05:30

  static double to_cents(double price) { return std::round(price * 100) / 100; }
  double uniform() { return random_.uniform(); }
  // A walk that turns back where the price would leave 2,000 .. 2,000,000.
  double drifted(double price) {
    const double moved = price * exact_exp(3e-4 * random_.normal());
    return moved < 2000 ? moved * 1.01 : (moved > 2e6 ? moved * 0.99 : moved);
  }

  RandomStream random_;
  std::uint64_t bar_ = 0;
  double close_ = 88'000;
};

inline std::vector<Event> planted_bars(std::uint64_t seed, std::size_t count) {
  PlantedBars source(seed);
  std::vector<Event> bars(count);
  for (Event& bar : bars) bar = source.next();
  return bars;
}

}  // namespace hftsim::features
