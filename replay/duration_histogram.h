// Durations counted in bins of 1/32 of their size, so that quantiles are right within 3 %.
#pragma once

#include <cstdint>
#include <vector>

namespace hftsim {

class DurationHistogram {
 public:
  DurationHistogram();

  void add(std::int64_t ns);
  std::uint64_t count() const { return count_; }
  std::uint64_t negative() const { return negative_; }
  std::int64_t least() const { return least_; }
  std::int64_t greatest() const { return greatest_; }
  // The value that `share` (0 to 1) of all do not exceed; 0 where there is none.
  std::int64_t quantile(double share) const;

 private:
  std::vector<std::uint64_t> bins_;  // negative values first
  std::uint64_t count_ = 0, negative_ = 0;
  std::int64_t least_ = INT64_MAX, greatest_ = INT64_MIN;
};

}  // namespace hftsim
