#include "replay/tick_path.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "replay/bar_model.h"

namespace hftsim {
namespace {

// The range of a Brownian motion is 1.67 sds (Parkinson 1980: the square root of 4 ln 2).
constexpr double kSdPerRange = 1 / 1.665;

}  // namespace

void TickPath::start(const BarTicks& bar, std::int64_t steps) {
  assert(bar.can_be_traded() && steps >= bar.trades_min());
  bar_ = bar;
  steps_ = steps;
  step_ = 0;
  walk_ = 0;
  top_ = static_cast<double>(std::max(bar.open, bar.close));
  bottom_ = static_cast<double>(std::min(bar.open, bar.close));
  high_step_ = low_step_ = -1;
  stretch_up_ = stretch_down_ = 0;
  if (steps < 2) return;
  const auto moves = static_cast<double>(steps - 1);
  scale_ = static_cast<double>(bar.high - bar.low) * kSdPerRange / std::sqrt(moves);
  RandomStream random = random_;
  double end = 0;
  for (std::int64_t i = 1; i < steps; ++i) end += cheap_normal(random);
  drift_ = (static_cast<double>(bar.close - bar.open) - scale_ * end) / moves;
  find_extremes();
}

double TickPath::walked(std::int64_t step, double walk) const {
  return static_cast<double>(bar_.open) + static_cast<double>(step) * drift_ + scale_ * walk;
}

// Among the steps between the first and the last.
void TickPath::find_extremes() {
  const bool needs_high = static_cast<double>(bar_.high) > top_;
  const bool needs_low = static_cast<double>(bar_.low) < bottom_;
  if (!needs_high && !needs_low) return;
  RandomStream random = random_;
  double walk = cheap_normal(random);
  double highest = walked(1, walk), lowest = highest;
  std::int64_t high_step = 1, low_step = 1;
  for (std::int64_t i = 2; i < steps_ - 1; ++i) {
    walk += cheap_normal(random);
    const double ticks = walked(i, walk);
    if (ticks > highest) highest = ticks, high_step = i;
    if (ticks < lowest) lowest = ticks, low_step = i;
  }
  if (high_step == low_step) low_step = high_step == 1 ? steps_ - 2 : 1;  // a walk that stands still
  if (needs_high) high_step_ = high_step;
  if (needs_low) low_step_ = low_step;
  if (highest > top_) stretch_up_ = (static_cast<double>(bar_.high) - top_) / (highest - top_);
  if (lowest < bottom_) stretch_down_ = (bottom_ - static_cast<double>(bar_.low)) / (bottom_ - lowest);
}

std::int64_t TickPath::stretched(double ticks) const {
  if (ticks > top_) ticks = top_ + (ticks - top_) * stretch_up_;
  if (ticks < bottom_) ticks = bottom_ - (bottom_ - ticks) * stretch_down_;
  return std::clamp(static_cast<std::int64_t>(ticks + 0.5), bar_.low, bar_.high);
}

TickPath::Step TickPath::next() {
  assert(step_ < steps_);
  const std::int64_t step = step_++;
  if (step == 0) return {bar_.open, true};
  walk_ += cheap_normal(random_);
  if (step == steps_ - 1) return {bar_.close, true};
  if (step == high_step_) return {bar_.high, true};
  if (step == low_step_) return {bar_.low, true};
  return {stretched(walked(step, walk_)), false};
}

}  // namespace hftsim
