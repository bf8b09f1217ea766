// Sums of ticks and lots beyond 64 bits, and the double nearest to one: however many trades were added up, there
// is one rounding, at the end.
#pragma once

#include <cstdint>

#include "engine/core/decimal_step.h"

namespace hftsim {

__extension__ using WideCount = unsigned __int128;
inline constexpr WideCount kWideMax = ~WideCount{0};

// a + b; the greatest where that is beyond it.
inline WideCount add_clamped(WideCount a, WideCount b) {
  WideCount sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kWideMax : sum;
}

// The double nearest to n steps. Where n * units has more than 128 bits: within two units in the last place.
double nearest_double(WideCount n, DecimalStep step);

// How many steps of 10^-decimals * units it takes to reach digits * 10^exponent, of which digits is above 0:
// rounded up. kWideMax where they are more than that.
WideCount steps_to_reach(std::int64_t digits, int exponent, WideCount units, int decimals);

}  // namespace hftsim
