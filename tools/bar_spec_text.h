// What bars of trades are to be, as options and configs write it:
//
//   1m 5s 4h 1d 1w   time
//   1000t            trades
//   50v 0.5v         volume, base units
//   1e6d 250000d     money, quote units
//
// Numbers may have a point and an exponent. A whole number of days up to 400d is time (1d is a day, 1e2d a hundred
// dollars).
#pragma once

#include <string>
#include <string_view>

#include "replay/bar_spec.h"

namespace hftsim {

// Throws BadInput(place, ...) for anything else.
BarSpec parse_bar_spec(std::string_view text, const std::string& place);

}  // namespace hftsim
