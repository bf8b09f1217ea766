// How far the equity lies below its highest value so far.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/portfolio/compensated_sum.h"

namespace hftsim {

class DrawdownTracker {
 public:
  // Marks in order of time; the first is > 0.
  void add(double equity) {
    ++count_;
    if (count_ == 1 || equity >= peak_) {
      peak_ = equity;
      current_ = 0;
      bars_below_ = 0;
      return;
    }
    ++bars_below_;
    current_ = (peak_ - equity) / peak_;
    deepest_ = std::max(deepest_, current_);
    deepest_money_ = std::max(deepest_money_, peak_ - equity);
    longest_ = std::max(longest_, bars_below_);
    squares_.add(current_ * current_);
  }

  double deepest() const { return deepest_; }              // fraction of the peak
  double deepest_money() const { return deepest_money_; }  // need not be at the same time as deepest()
  double current() const { return current_; }              // fraction of the peak
  std::uint64_t longest_bars() const { return longest_; }  // most marks in a row below the peak before them

  // Root mean square of the drawdown over all marks, or as if there were so many (Martin, McCann 1989), as a
  // fraction.
  double ulcer_index() const { return ulcer_index(static_cast<double>(count_)); }
  double ulcer_index(double marks) const { return std::sqrt(squares_.value() / marks); }

 private:
  double peak_ = 0;
  double current_ = 0;
  double deepest_ = 0;
  double deepest_money_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t bars_below_ = 0;
  std::uint64_t longest_ = 0;
  CompensatedSum squares_;
};

}  // namespace hftsim
