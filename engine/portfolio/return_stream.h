// The returns of an equity series, one after the other, from its start.
#pragma once

#include "engine/portfolio/equity_series.h"

namespace hftsim {

// Of one bar: (value - previous value) / previous value. NaN or infinite where the previous value is 0; its
// sign means nothing where the previous value is negative.
struct BarReturn {
  double equity;
  double benchmark;
};

// Calls visit(BarReturn) for every mark but the first: n marks have n - 1 returns.
template <class Visit>
void for_each_return(EquitySeries& series, Visit&& visit) {
  series.rewind();
  bool first = true;
  double equity = 0;
  double benchmark = 0;
  for (auto marks = series.next(); !marks.empty(); marks = series.next()) {
    for (const EquityMark& mark : marks) {
      if (!first) visit(BarReturn{(mark.equity - equity) / equity, (mark.benchmark - benchmark) / benchmark});
      first = false;
      equity = mark.equity;
      benchmark = mark.benchmark;
    }
  }
}

}  // namespace hftsim
