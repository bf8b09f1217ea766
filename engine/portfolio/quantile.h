// Where a quantile lies among n sorted values: between two order statistics, interpolated linearly
// (Hyndman, Fan 1996, definition 7, which is numpy's and pandas' default).
#pragma once

#include <cmath>
#include <cstdint>

namespace hftsim {

struct QuantilePlace {
  std::uint64_t lower;  // ranks from 0
  std::uint64_t upper;
  double fraction;  // of the way from lower to upper

  double between(double at_lower, double at_upper) const {
    return at_lower + fraction * (at_upper - at_lower);
  }
};

// n > 0, 0 <= probability <= 1.
inline QuantilePlace quantile_place(std::uint64_t n, double probability) {
  const double place = probability * static_cast<double>(n - 1);
  const auto lower = static_cast<std::uint64_t>(std::floor(place));
  const std::uint64_t upper = lower + 1 < n ? lower + 1 : lower;
  return {lower, upper, place - std::floor(place)};
}

}  // namespace hftsim
