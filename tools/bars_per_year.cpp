#include "tools/bars_per_year.h"

#include "adapters/bar_time.h"
#include "engine/core/errors.h"

namespace hftsim {

double bars_per_year(Duration interval) {
  const double days = static_cast<double>(interval.value) / static_cast<double>(kDay.value);
  if (interval < kDay) return 365 / days;
  if (days < 7) return 252 / days;
  if (days >= 28 && days <= 31) return 12;
  return 364 / days;
}

double bars_per_year(std::span<const Instrument> instruments) {
  const Instrument& first = instruments.front();
  for (const Instrument& instrument : instruments) {
    if (instrument.bar_interval.value > 0) continue;
    throw BadInput("metrics.bars_per_year",
                   "0, for bars of " + instrument.symbol + " that have no fixed interval",
                   "how many of them a year has: --set metrics.bars_per_year=N");
  }
  for (const Instrument& other : instruments) {
    if (other.bar_interval == first.bar_interval) continue;
    throw BadInput("data.path",
                   "bars of different intervals: " + first.symbol + " " +
                       format_interval(first.bar_interval) + ", " + other.symbol + " " +
                       format_interval(other.bar_interval),
                   "one interval, or metrics.bars_per_year");
  }
  return bars_per_year(first.bar_interval);
}

}  // namespace hftsim
