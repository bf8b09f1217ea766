// The last step of every rule: what was worked out becomes a Signal that is safe to act on, whatever the
// features held.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "engine/runtime/signal.h"

namespace hftsim {

// False where any value is not known yet. A rule looks at all of its inputs first, because a comparison with
// NaN is false and would read as "below the threshold".
inline bool all_known(std::initializer_list<double> values) {
  for (const double value : values) {
    if (std::isnan(value)) return false;
  }
  return true;
}

// A price to leave at, or none where arithmetic left the range of prices (close - 2 * ATR below zero).
inline Price exit_level(double price) {
  return Price(std::isfinite(price) && price > 0 ? price : kNoPrice);
}

// Hold where the confidence is NaN; otherwise the confidence clipped to 0..1.
inline Signal opinion(SignalSide side, double confidence, double target = kNoPrice, double stop = kNoPrice) {
  if (std::isnan(confidence)) return {};
  return {side, std::clamp(confidence, 0.0, 1.0), exit_level(target), exit_level(stop)};
}

// Rules that mirror are written once, with the direction +1 (buy) or -1 (sell); 0 is hold.
inline SignalSide side_of(int direction) {
  if (direction == 0) return SignalSide::hold;
  return direction > 0 ? SignalSide::buy : SignalSide::sell;
}

}  // namespace hftsim
