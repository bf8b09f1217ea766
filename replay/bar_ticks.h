// A bar in whole ticks and lots, as its trades have to add up to it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hftsim {

struct BarTicks {
  std::int64_t open = 0, high = 0, low = 0, close = 0;
  std::int64_t lots = 0;
  std::int64_t trades = 0;

  // How many trades it takes at least to have these prices: from open to close by way of the high and the low.
  std::int64_t trades_min() const {
    if (high == low) return 1;
    return 2 + (high > std::max(open, close) ? 1 : 0) + (low < std::min(open, close) ? 1 : 0);
  }

  // Whether any trades make this bar: none and no volume, or enough of them, of one lot at least.
  bool can_be_traded() const {
    if (trades == 0) return lots == 0;
    const bool ordered = 1 <= low && low <= std::min(open, close) && std::max(open, close) <= high;
    return ordered && trades >= trades_min() && lots >= trades;
  }
};

}  // namespace hftsim
