#include "engine/execution/working_orders.h"

#include <algorithm>
#include <tuple>

namespace hftsim {

Level WorkingOrder::level(LimitFill rule) const {
  const OrderType type = acts_as();
  const Side side = request().side;
  if (type == OrderType::limit) return limit_level(side, request().limit, rule);
  if (type != OrderType::trailing_stop) return {request().stop, waits_for_fall(type, side), false};
  const Price trailed = side == Side::sell ? best_seen - request().trail : best_seen + request().trail;
  return {trailed, waits_for_fall(type, side), false};
}

WorkingOrder& WorkingOrders::insert(const Order& order) {
  const auto arrives_before = [](const WorkingOrder& a, const WorkingOrder& b) {
    return std::tuple(a.order.arrives_at, a.order.id) < std::tuple(b.order.arrives_at, b.order.id);
  };
  orders_.emplace_back().order = order;
  const auto last = orders_.end() - 1;
  if (last == orders_.begin() || !arrives_before(*last, *(last - 1))) return *last;
  const auto place = std::upper_bound(orders_.begin(), last, *last, arrives_before);
  std::rotate(place, last, orders_.end());
  return *place;
}

WorkingOrder* WorkingOrders::find(OrderId id) {
  const auto found = std::find_if(orders_.begin(), orders_.end(), [id](const WorkingOrder& working) {
    return working.order.id == id && !working.done;
  });
  return found == orders_.end() ? nullptr : &*found;
}

void WorkingOrders::remove_done() {
  std::erase_if(orders_, [](const WorkingOrder& working) { return working.done; });
}

}  // namespace hftsim
