#include "engine/execution/order_entry.h"

#include <algorithm>

#include "engine/execution/order_check.h"

namespace hftsim {

BarMarket& OrderEntry::market_of(std::span<BarMarket> markets, OrderId order) {
  const auto has_it = [order](BarMarket& market) {
    return market.orders.find(order) != nullptr || market.inbox.has_order(order);
  };
  const auto found = std::find_if(markets.begin(), markets.end(), has_it);
  return found == markets.end() ? markets.front() : *found;
}

void OrderEntry::arrive_until(BarMarket& market, Timestamp ts) {
  while (arrive_one(market, ts)) {
  }
}

std::optional<WorkingOrder*> OrderEntry::arrive_one(BarMarket& market, Timestamp ts) {
  const OrderInbox::Message* const message = market.inbox.first_arrived(ts);
  if (message == nullptr) return std::nullopt;
  WorkingOrder* admitted = nullptr;
  if (message->is_cancel) {
    cancel_now(market, message->order.id, message->order.arrives_at);
  } else {
    admitted = admit(market, message->order);
  }
  market.inbox.take_first();
  return admitted;
}

WorkingOrder* OrderEntry::admit(BarMarket& market, const Order& order) {
  const Timestamp ts = order.arrives_at;
  const OrderRequest& request = order.request;
  const Reason wrong = check_request(request);
  if (wrong != Reason::none) {
    reports_.ended(ReportKind::rejected, order, ts, wrong, request.quantity);
    return nullptr;
  }
  if (request.time_in_force == TimeInForce::gtd && request.expire < ts) {
    reports_.ended(ReportKind::expired, order, ts, Reason::expired, request.quantity);
    return nullptr;
  }
  reports_.accepted(order, ts);
  return &market.orders.insert(order);
}

void OrderEntry::cancel_now(BarMarket& market, OrderId id, Timestamp ts) {
  expire_before(market, ts);
  if (WorkingOrder* const working = market.orders.find(id)) {
    return filler_.end(*working, ReportKind::cancelled, Reason::cancelled_by_strategy, ts);
  }
  reports_.cancel_refused(id, market.id, ts);
}

void OrderEntry::expire_before(BarMarket& market, Timestamp ts) {
  for (WorkingOrder& working : market.orders) {
    const OrderRequest& request = working.request();
    if (working.done || request.time_in_force != TimeInForce::gtd || request.expire >= ts) continue;
    filler_.end(working, ReportKind::expired, Reason::expired, request.expire);
  }
}

void OrderEntry::end_all(BarMarket& market, Timestamp now) {
  for (WorkingOrder& working : market.orders) {
    if (!working.done) filler_.end(working, ReportKind::cancelled, Reason::end_of_data, now);
  }
  market.inbox.withdraw_if([](const Order&) { return true; },
                           [&](const Order& order) {
                             reports_.ended(ReportKind::cancelled, order, now, Reason::end_of_data,
                                            order.request.quantity);
                           });
  market.orders.clear();
  market.inbox.clear();
}

}  // namespace hftsim
