// How large a position is meant to be, as a fraction of equity: fraction * scale, at most cap.
//
// The factors are kept apart because the money is worked out as equity * fraction * scale, in that order: an
// increment of a position can be as small as the rounding of that product, and the trades of a run then depend
// on it.
#pragma once

#include <limits>

#include "engine/core/units.h"

namespace hftsim {

struct TargetWeight {
  double fraction = 0;  // >= 0
  double scale = 1;
  double cap = std::numeric_limits<double>::infinity();

  double value() const { return fraction * scale > cap ? cap : fraction * scale; }

  Money of(Money equity) const {
    const Money scaled = equity * fraction * scale;
    const Money most = equity * cap;
    return scaled > most ? most : scaled;
  }
};

}  // namespace hftsim
