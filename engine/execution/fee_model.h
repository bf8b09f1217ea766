// Fees: a fixed share of the notional, one rate for orders that rest and one for orders that take.
// Not modelled: tiers by volume, minimum fees, fees in another currency.
#pragma once

#include "engine/execution/execution_report.h"

namespace hftsim {

struct FeeModel {
  double maker_fee = 0;  // share of the notional, 0.001 = 10 bps; below 0 is a rebate
  double taker_fee = 0;

  Money fee(Quantity quantity, Price price, Liquidity liquidity) const {
    return abs(quantity) * price * (liquidity == Liquidity::maker ? maker_fee : taker_fee);
  }
};

}  // namespace hftsim
