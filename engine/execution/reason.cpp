#include "engine/execution/reason.h"

namespace hftsim {

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "none";
    case Reason::insufficient_cash:
      return "insufficient_cash";
    case Reason::below_min_notional:
      return "below_min_notional";
    case Reason::rounds_to_zero:
      return "rounds_to_zero";
    case Reason::invalid_price:
      return "invalid_price";
    case Reason::invalid_quantity:
      return "invalid_quantity";
    case Reason::post_only_would_take:
      return "post_only_would_take";
    case Reason::nothing_to_reduce:
      return "nothing_to_reduce";
    case Reason::target_already_held:
      return "target_already_held";
    case Reason::ioc_remainder:
      return "ioc_remainder";
    case Reason::fok_unfillable:
      return "fok_unfillable";
    case Reason::expired:
      return "expired";
    case Reason::oco_sibling_filled:
      return "oco_sibling_filled";
    case Reason::position_closed:
      return "position_closed";
    case Reason::cancelled_by_strategy:
      return "cancelled_by_strategy";
    case Reason::unknown_order:
      return "unknown_order";
    case Reason::end_of_data:
      return "end_of_data";
    case Reason::drawdown_limit:
      return "drawdown_limit";
    case Reason::total_loss_limit:
      return "total_loss_limit";
    case Reason::daily_loss_limit:
      return "daily_loss_limit";
    case Reason::exposure_limit:
      return "exposure_limit";
    case Reason::volatility_limit:
      return "volatility_limit";
    case Reason::var_limit:
      return "var_limit";
    case Reason::stop_loss:
      return "stop_loss";
    case Reason::take_profit:
      return "take_profit";
    case Reason::order_pending:
      return "order_pending";
    case Reason::short_not_allowed:
      return "short_not_allowed";
    case Reason::paused:
      return "paused";
    case Reason::flattened:
      return "flattened";
    case Reason::count_:
      break;
  }
  return "";
}

}  // namespace hftsim
