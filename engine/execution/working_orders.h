// The orders that are at the venue, of one instrument, in the order of their arrival.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/execution/fill_rules.h"
#include "engine/execution/order.h"

namespace hftsim {

struct WorkingOrder {
  Order order;
  Quantity filled{0};
  Quantity remaining{0};        // meaningful once something is filled
  Price best_seen{kNoPrice};    // trailing stop: the best price since it works
  Price sees_from{kNoPrice};    // the first price of the current bar that it sees
  OrderId bracket_pair = 0;     // the same number in a bracket's stop and take-profit
  bool triggered = false;       // a stop or take-profit that has become a market or limit order
  bool resting = false;         // as a limit order it has met a price and did not take: it makes now
  bool acts_in_bar = false;     // may act inside the current bar, after its open
  bool fills_at_close = false;  // market order of `fill = close` that waits for its close
  bool done = false;            // kept until the bar is through, so that positions in the list stay

  const OrderRequest& request() const { return order.request; }
  bool partly_filled() const { return filled.value > 0; }

  // What it is by now.
  OrderType acts_as() const {
    if (!triggered) return request().type;
    return request().type == OrderType::stop_limit ? OrderType::limit : OrderType::market;
  }
  bool is_stop() const {
    const OrderType type = acts_as();
    return type == OrderType::stop || type == OrderType::stop_limit || type == OrderType::trailing_stop;
  }
  bool waits_for_trigger() const { return is_stop() || acts_as() == OrderType::take_profit; }
  bool immediate() const {
    return request().time_in_force == TimeInForce::ioc || request().time_in_force == TimeInForce::fok;
  }

  // Where it acts next; not for market orders.
  Level level(LimitFill rule) const;
};

class WorkingOrders {
 public:
  WorkingOrders() { orders_.reserve(kReserved); }

  bool empty() const { return orders_.empty(); }
  std::size_t size() const { return orders_.size(); }
  WorkingOrder& operator[](std::size_t i) { return orders_[i]; }
  auto begin() { return orders_.begin(); }
  auto end() { return orders_.end(); }

  // Behind what arrived before it, or at the same time with a smaller id. The reference holds until the list
  // changes.
  WorkingOrder& insert(const Order& order);

  // At the end, whatever its time: while a bar is walked through, positions must stay.
  void append(const WorkingOrder& order) { orders_.push_back(order); }

  // Null where it is not there or done.
  WorkingOrder* find(OrderId id);

  void remove_done();
  void clear() { orders_.clear(); }

 private:
  static constexpr std::size_t kReserved = 4096;  // what is never touched takes no memory
  std::vector<WorkingOrder> orders_;
};

}  // namespace hftsim
