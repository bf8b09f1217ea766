// Volatility for the impact model: the sample standard deviation of the last 20 close-to-close returns.
// A push is a handful of operations; value() walks the window, because only fills ask for it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "engine/core/units.h"

namespace hftsim {

class VolatilityWindow {
 public:
  static constexpr std::size_t kBars = 20;

  void push(Price close) {
    if (has_close_) {
      returns_[next_] = close / last_close_ - 1;
      next_ = (next_ + 1) % kBars;
      if (count_ < kBars) ++count_;
    }
    last_close_ = close;
    has_close_ = true;
  }

  // Per bar, as a fraction of the price; NaN until 20 returns (21 closes) are known.
  double value() const {
    if (count_ < kBars) return std::nan("");
    double sum = 0;
    for (const double r : returns_) sum += r;
    const double mean = sum / kBars;
    double squares = 0;
    for (const double r : returns_) squares += (r - mean) * (r - mean);
    return std::sqrt(squares / (kBars - 1));
  }

 private:
  std::array<double, kBars> returns_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  Price last_close_;
  bool has_close_ = false;
};

}  // namespace hftsim
