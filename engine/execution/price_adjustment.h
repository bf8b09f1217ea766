// What taking liquidity costs beyond the bar's price: slippage, half the spread and square-root impact, all
// against the order. Orders that rest (maker) pay none of it.
//
//   price * (1 +- ((slippage_bps + half_spread_bps) / 10000 + impact * volatility * sqrt(quantity / volume)))
//
// The square root law: Torre 1997 (BARRA), Almgren, Thum, Hauptmann, Li 2005.
// Not modelled: impact that lasts beyond the fill, a spread that widens with volatility.
#pragma once

#include <algorithm>
#include <cmath>

#include "engine/execution/order.h"

namespace hftsim {

struct PriceAdjustment {
  double slippage_bps = 0;
  double half_spread_bps = 0;
  double impact = 0;  // coefficient of the square-root law; 0: none

  // The share of the price that the order's own size costs. 0 while volatility is unknown (NaN). A bar
  // without volume counts as one of exactly the order's size.
  double impact_of(Quantity quantity, Quantity bar_volume, double volatility) const {
    if (impact == 0 || std::isnan(volatility)) return 0;
    const double share = bar_volume.value > 0 ? quantity / bar_volume : 1.0;
    return impact * volatility * std::sqrt(share);
  }

  // `market` moved against `side`; never below 0.
  Price worsen(Price market, Side side, double impact_share) const {
    const double share = (slippage_bps + half_spread_bps) * 1e-4 + impact_share;
    return Price(std::max(0.0, market.value * (1 + sign_of(side) * share)));
  }
};

}  // namespace hftsim
