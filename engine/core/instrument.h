// What is traded: its name and the grid its prices, quantities and bars lie on.
#pragma once

#include <cmath>
#include <string>

#include "engine/core/decimal_step.h"
#include "engine/core/units.h"

namespace hftsim {

struct Instrument {
  std::string symbol;
  double tick_size = 0;                   // smallest price step; 0: prices are not rounded
  double lot_size = 1e-8;                 // smallest quantity step; 0: quantities are not rounded
  double min_notional = 0;                // smallest order value in money; 0: none
  Duration bar_interval{60'000'000'000};  // 0: irregular bars, each begins where the previous one closed
  DecimalStep price_step{1, 8};           // of one tick in trades, quotes and book changes
  DecimalStep quantity_step{1, 8};        // of one lot there

  // The nearest multiple of the lot towards zero. A quantity that is a multiple but for the error of one
  // division (0.3 / 0.1) is taken as that multiple.
  Quantity round_to_lot(Quantity q) const {
    if (lot_size <= 0) return q;
    const double lots = q.value / lot_size;
    const double nearest = std::nearbyint(lots);
    const bool is_multiple = std::fabs(lots - nearest) <= 4e-16 * std::fabs(lots);
    return Quantity((is_multiple ? nearest : std::trunc(lots)) * lot_size);
  }
};

}  // namespace hftsim
