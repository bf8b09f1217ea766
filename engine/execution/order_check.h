// Whether what an order asks for makes sense, whatever the market: looked at once, on arrival.
#pragma once

#include "engine/execution/order.h"
#include "engine/execution/reason.h"

namespace hftsim {

// Reason::none, or why the venue rejects it:
//   invalid_price         a price the type needs, or a bracket's, is not finite and > 0; a bracket whose stop
//                         does not lie on the losing side of its take-profit
//   invalid_quantity      rule fixed: not finite and > 0; rule target_weight: not finite
//   post_only_would_take  post_only on a type that always takes
Reason check_request(const OrderRequest& request);

}  // namespace hftsim
