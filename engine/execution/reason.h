// Why an order, a signal or a fill did not happen as asked. One table for venue, risk gate and account, so
// that the journal, the summary and the report speak the same words.
#pragma once

#include <cstdint>
#include <string_view>

namespace hftsim {

enum class Reason : std::uint16_t {
  none,
  // venue
  insufficient_cash,
  below_min_notional,
  rounds_to_zero,
  invalid_price,
  invalid_quantity,
  post_only_would_take,
  nothing_to_reduce,
  target_already_held,
  ioc_remainder,
  fok_unfillable,
  expired,
  oco_sibling_filled,
  position_closed,
  cancelled_by_strategy,
  unknown_order,
  end_of_data,
  // risk gate
  drawdown_limit,
  total_loss_limit,
  daily_loss_limit,
  exposure_limit,
  volatility_limit,
  var_limit,
  // why the risk gate sent an order
  stop_loss,
  take_profit,
  // signals
  order_pending,
  short_not_allowed,
  // whoever watches a live session
  paused,
  flattened,
  count_  // number of reasons
};

inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::count_);

// The name in snake_case, as written above.
std::string_view name_of(Reason reason);

}  // namespace hftsim
