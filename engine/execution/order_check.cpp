#include "engine/execution/order_check.h"

#include <cmath>

namespace hftsim {
namespace {

bool is_positive(double value) {
  return std::isfinite(value) && value > 0;
}
bool is_absent_or_positive(Price price) {
  return std::isnan(price.value) || is_positive(price.value);
}

bool prices_are_valid(const OrderRequest& request) {
  switch (request.type) {
    case OrderType::market:
      return true;
    case OrderType::limit:
      return is_positive(request.limit.value);
    case OrderType::stop:
    case OrderType::take_profit:
      return is_positive(request.stop.value);
    case OrderType::stop_limit:
      return is_positive(request.limit.value) && is_positive(request.stop.value);
    case OrderType::trailing_stop:
      return is_positive(request.trail.value);
  }
  return false;
}

bool bracket_is_valid(const OrderRequest& request) {
  const Price stop = request.bracket_stop, target = request.bracket_take_profit;
  if (!is_absent_or_positive(stop) || !is_absent_or_positive(target)) return false;
  if (std::isnan(stop.value) || std::isnan(target.value)) return true;
  return request.side == Side::buy ? stop < target : stop > target;
}

bool quantity_is_valid(const OrderRequest& request) {
  switch (request.rule) {
    case QuantityRule::fixed:
      return is_positive(request.quantity.value);
    case QuantityRule::target_weight:
      return std::isfinite(request.target_weight);
    case QuantityRule::close_position:
      return true;
  }
  return false;
}

}  // namespace

Reason check_request(const OrderRequest& request) {
  if (!prices_are_valid(request) || !bracket_is_valid(request)) return Reason::invalid_price;
  if (!quantity_is_valid(request)) return Reason::invalid_quantity;
  const bool can_rest = request.type == OrderType::limit || request.type == OrderType::stop_limit;
  if (request.post_only && !can_rest) return Reason::post_only_would_take;
  return Reason::none;
}

}  // namespace hftsim
