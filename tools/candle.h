// Neighbouring bars as one candle of a chart: highest and lowest prices are kept.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/event.h"
#include "tools/chart_buckets.h"

namespace hftsim {

struct Candle {
  std::int64_t open_ns;  // when its first bar opened
  BarBody body;

  void merge(const Candle& later) {
    body.high = std::max(body.high, later.body.high);
    body.low = std::min(body.low, later.body.low);
    body.close = later.body.close;
    body.volume += later.body.volume;
  }
};

using Candles = ChartBuckets<Candle>;

}  // namespace hftsim
