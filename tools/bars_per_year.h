// How many bars a year has: what makes figures per bar annual.
#pragma once

#include <span>

#include "engine/core/instrument.h"
#include "engine/core/units.h"

namespace hftsim {

//   interval           bars per year
//   below a day        around the clock, 365 days: 1m 525,600, 1h 8,760
//   1 to 6 days        trading days: 252 / days
//   a week and longer  52 weeks: 364 / days; 28 to 31 days are a month: 12
double bars_per_year(Duration interval);

// Of a run. Throws BadInput where its instruments differ in their interval, so that no number fits both, or have none.
double bars_per_year(std::span<const Instrument> instruments);

}  // namespace hftsim
