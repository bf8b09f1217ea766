// Candles for a chart from a stream of any length: neighbouring bars are merged into buckets of a power of
// two, doubled whenever there are more than a chart can show. Highest and lowest prices are kept.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/event.h"

namespace hftsim {

inline constexpr std::size_t kChartPoints = 4096;

struct Candle {
  std::int64_t open_ns;  // when its first bar opened
  BarBody body;
};

class CandleSampler {
 public:
  CandleSampler() { candles_.reserve(kChartPoints); }

  void add(const Event& bar, std::int64_t open_ns) {
    if (in_bucket_ == 0) {
      if (candles_.size() == kChartPoints) halve();
      candles_.push_back({open_ns, bar.bar});
    } else {
      merge(candles_.back().body, bar.bar);
    }
    in_bucket_ = (in_bucket_ + 1) % bars_per_bucket_;
    ++bars_;
  }

  const std::vector<Candle>& candles() const { return candles_; }
  std::uint64_t bars() const { return bars_; }
  std::uint64_t bars_per_bucket() const { return bars_per_bucket_; }

 private:
  static void merge(BarBody& into, const BarBody& later) {
    into.high = later.high > into.high ? later.high : into.high;
    into.low = later.low < into.low ? later.low : into.low;
    into.close = later.close;
    into.volume += later.volume;
  }

  // Called with all buckets full: pairs become one.
  void halve() {
    for (std::size_t i = 0; i < candles_.size() / 2; ++i) {
      candles_[i] = candles_[2 * i];
      merge(candles_[i].body, candles_[2 * i + 1].body);
    }
    candles_.resize(candles_.size() / 2);
    bars_per_bucket_ *= 2;
  }

  std::vector<Candle> candles_;
  std::uint64_t bars_per_bucket_ = 1;
  std::uint64_t in_bucket_ = 0;
  std::uint64_t bars_ = 0;
};

}  // namespace hftsim
