// A strategy's opinion on one bar: a side, how sure it is, and the prices where it would leave again.
#pragma once

#include <cstdint>

#include "engine/core/units.h"
#include "engine/execution/order.h"

namespace hftsim {

enum class SignalSide : std::uint8_t { hold, buy, sell };

struct Signal {
  SignalSide side = SignalSide::hold;
  double confidence = 0;   // 0..1; scales the position
  Price target{kNoPrice};  // take profit here; none: NaN
  Price stop{kNoPrice};    // stop loss here; none: NaN
};

}  // namespace hftsim
