// The prices that a bar's orders meet, one after the other: a random walk from open to close, stretched beyond its
// ends so that it just reaches high and low. In whole ticks; open, high, low and close are met exactly.
#pragma once

#include <cstdint>

#include "engine/core/rng.h"
#include "replay/bar_ticks.h"

namespace hftsim {

class TickPath {
 public:
  struct Step {
    std::int64_t ticks;
    bool pinned;  // the open, the high, the low or the close: the bar needs this price
  };

  explicit TickPath(RandomStream random) : random_(random) {}

  // The next bar, of so many steps, at least bar.trades_min(). Walks through them once to see how far they go.
  void start(const BarTicks& bar, std::int64_t steps);

  // To be called `steps` times.
  Step next();

 private:
  double walked(std::int64_t step, double walk) const;
  void find_extremes();
  std::int64_t stretched(double ticks) const;

  RandomStream random_;
  BarTicks bar_;
  std::int64_t steps_ = 0;
  std::int64_t step_ = 0;        // the next
  double walk_ = 0;              // the sum of its shocks so far
  double scale_ = 0;             // ticks per sd of a shock
  double drift_ = 0;             // ticks per step, so that the walk ends at the close
  double top_ = 0, bottom_ = 0;  // the greater and the lower of open and close
  double stretch_up_ = 0, stretch_down_ = 0;
  std::int64_t high_step_ = -1, low_step_ = -1;  // which reach them; -1: open or close do
};

}  // namespace hftsim
