// What all generated symbols share, some instants at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "replay/bar_generator_options.h"

namespace hftsim {

// Bars are made this many at a time, step by step over columns: the steps without memory then run on vector
// registers. The bytes do not depend on it.
inline constexpr std::size_t kBarBatch = 64;
using PathColumn = std::array<double, kBarBatch>;

struct MarketColumns {
  alignas(64) PathColumn shock;           // the market's part of every return, standard normal
  alignas(64) PathColumn log_volatility;  // slow part and day profile
  alignas(64) PathColumn log_activity;    // day profile
};

class MarketPath {
 public:
  explicit MarketPath(const BarGeneratorOptions& options);

  // The next `count` instants.
  void advance(std::size_t count);
  const MarketColumns& columns() const { return columns_; }

 private:
  RandomStream random_;
  AutoregressivePath slow_volatility_;
  double day_profile_scale_;
  std::int64_t interval_ns_;
  std::int64_t open_ns_of_day_;  // of the next bar
  MarketColumns columns_{};
};

}  // namespace hftsim
