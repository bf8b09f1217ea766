#include "engine/execution/order_filler.h"

#include <algorithm>
#include <cmath>

namespace hftsim {
namespace {

bool has_bracket(const OrderRequest& request) {
  return !std::isnan(request.bracket_stop.value) || !std::isnan(request.bracket_take_profit.value);
}

// What a subtraction may leave behind of an order that is in truth filled.
bool is_dust(Quantity left, Quantity whole, const Instrument& instrument) {
  const double smallest = instrument.lot_size > 0 ? instrument.lot_size / 2 : 1e-12 * whole.value;
  return left.value < smallest;
}

}  // namespace

void OrderFiller::fill(BarMarket& market, std::size_t index, const MarketPoint& at, Liquidity liquidity) {
  WorkingOrder& working = market.orders[index];
  const Terms terms = terms_for(market, working, at.price, liquidity);
  if (terms.reason != Reason::none) return refuse(working, terms.reason, at.ts);

  const bool all_or_nothing = working.request().time_in_force == TimeInForce::fok && !at.goes_on;
  if (terms.quantity.value <= 0 || (all_or_nothing && terms.quantity < terms.open)) {
    if (working.immediate() && !at.goes_on) end_unfilled(working, at.ts);
    return;
  }

  const Money fee = config_.fees.fee(terms.quantity, terms.price, liquidity);
  const Reason unpaid = ledger_.check_funds(working.order, terms.quantity, terms.price, fee);
  if (unpaid != Reason::none) return refuse(working, unpaid, at.ts);
  settle(market, index, terms, fee, liquidity, at);
}

void OrderFiller::end(WorkingOrder& working, ReportKind kind, Reason reason, Timestamp ts) {
  const Quantity remaining = working.partly_filled() ? working.remaining : working.request().quantity;
  working.done = true;
  reports_.ended(kind, working.order, ts, reason, remaining);
}

void OrderFiller::end_unfilled(WorkingOrder& working, Timestamp ts) {
  const bool fok = working.request().time_in_force == TimeInForce::fok;
  end(working, ReportKind::cancelled, fok ? Reason::fok_unfillable : Reason::ioc_remainder, ts);
}

// The impact depends on the quantity and a quantity by rule on the price. Two steps: the impact of what the
// order would be without impact sets the price, and at that price the quantity is taken for good.
OrderFiller::Terms OrderFiller::terms_for(const BarMarket& market, const WorkingOrder& working, Price price,
                                          Liquidity liquidity) const {
  if (liquidity == Liquidity::maker) return terms_at(market, working, price);
  const Terms without_impact = terms_at(market, working, taker_price(working, price, 0));
  if (config_.impact == 0 || without_impact.reason != Reason::none) return without_impact;
  const double impact =
      config_.adjustment().impact_of(without_impact.quantity, market.last.volume, market.volatility.value());
  return terms_at(market, working, taker_price(working, price, impact));
}

OrderFiller::Terms OrderFiller::terms_at(const BarMarket& market, const WorkingOrder& working,
                                         Price price) const {
  Terms terms;
  terms.price = price;
  const bool sized = working.partly_filled();
  terms.open = sized ? working.remaining : ledger_.quantity_at(working.order, price, terms.reason);
  if (terms.reason != Reason::none) return terms;

  if (only_reduces(working.request())) {
    terms.open = std::min(terms.open, reducible(ledger_.position(market.id), working.request().side));
    if (terms.open.value == 0) terms.reason = Reason::nothing_to_reduce;
  }
  const bool fits = terms.open <= market.volume_left;
  terms.quantity = fits ? terms.open : market.instrument.round_to_lot(market.volume_left);
  return terms;
}

Price OrderFiller::taker_price(const WorkingOrder& working, Price market_price, double impact_share) const {
  const Side side = working.request().side;
  const Price price = config_.adjustment().worsen(market_price, side, impact_share);
  if (working.acts_as() != OrderType::limit) return price;
  const Price limit = working.request().limit;
  return side == Side::buy ? std::min(price, limit) : std::max(price, limit);
}

void OrderFiller::refuse(WorkingOrder& working, Reason reason, Timestamp ts) {
  end(working, working.partly_filled() ? ReportKind::cancelled : ReportKind::rejected, reason, ts);
}

void OrderFiller::settle(BarMarket& market, std::size_t index, const Terms& terms, Money fee,
                         Liquidity liquidity, const MarketPoint& at) {
  WorkingOrder& working = market.orders[index];
  Quantity left = terms.open - terms.quantity;
  if (is_dust(left, terms.open, market.instrument)) left = Quantity(0);
  working.filled += terms.quantity;
  working.remaining = left;
  working.done = left.value == 0;
  market.volume_left -= terms.quantity;
  ledger_.on_fill(reports_.filled(working.order, at.ts, {terms.quantity, left, terms.price, fee, liquidity}));

  if (!working.done && working.immediate() && !at.goes_on) end_unfilled(working, at.ts);
  cancel_siblings(working, at.ts);
  cancel_orphans(market, at.ts);
  if (has_bracket(working.request())) open_bracket(market, Order(working.order), terms.quantity, at);
}

// Also a partial fill cancels the rest of the group: what is left of the filled one goes on alone.
void OrderFiller::cancel_siblings(const WorkingOrder& filled, Timestamp ts) {
  const std::uint64_t group = filled.request().oco_group;
  const OrderId id = filled.order.id, pair = filled.bracket_pair;
  if (group == 0 && pair == 0) return;
  for (BarMarket& market : markets_) {
    for (WorkingOrder& other : market.orders) {
      const bool sibling =
          (group != 0 && other.request().oco_group == group) || (pair != 0 && other.bracket_pair == pair);
      if (sibling && other.order.id != id && !other.done) {
        end(other, ReportKind::cancelled, Reason::oco_sibling_filled, ts);
      }
    }
    market.inbox.withdraw_if(
        [group](const Order& order) { return group != 0 && order.request.oco_group == group; },
        [&](const Order& order) {
          reports_.ended(ReportKind::cancelled, order, ts, Reason::oco_sibling_filled,
                         order.request.quantity);
        });
  }
}

// For what the fill has added to a position in the entry's direction; a fill that only closed the opposite
// position has nothing to protect. `entry` is no reference into the list: children move it.
void OrderFiller::open_bracket(BarMarket& market, const Order& entry, Quantity filled,
                               const MarketPoint& at) {
  const Price stop = entry.request.bracket_stop, target = entry.request.bracket_take_profit;
  const bool has_stop = !std::isnan(stop.value), has_target = !std::isnan(target.value);

  OrderRequest child;
  child.instrument = market.id;
  child.side = opposite(entry.request.side);
  child.reduce_only = true;
  child.quantity = std::min(filled, reducible(ledger_.position(market.id), child.side));
  if (child.quantity.value == 0) return;

  OrderId pair = 0;
  if (has_stop) {
    child.type = OrderType::stop;
    child.stop = stop;
    pair = open_child(market, child, entry.id, pair, at);
  }
  if (has_target) {
    child.type = OrderType::take_profit;
    child.stop = target;
    open_child(market, child, entry.id, pair, at);
  }
}

// Returns the number of its pair: the first child's id.
OrderId OrderFiller::open_child(BarMarket& market, const OrderRequest& request, OrderId entry, OrderId pair,
                                const MarketPoint& at) {
  WorkingOrder child;
  child.order = {ids_.next(), entry, request, at.ts, at.ts};
  child.bracket_pair = pair != 0 ? pair : child.order.id;
  child.sees_from = at.price;
  // Inside the bar nobody knows whether the target's price came before the entry's.
  const bool may_win = at.phase == BarPhase::open || config_.intrabar == IntrabarRule::path;
  child.acts_in_bar = at.phase != BarPhase::close && (child.is_stop() || may_win);
  reports_.accepted(child.order, at.ts);
  market.orders.append(child);
  return child.bracket_pair;
}

// A bracket's order whose position is gone, or has changed sides, protects nothing any more.
void OrderFiller::cancel_orphans(BarMarket& market, Timestamp ts) {
  const Quantity position = ledger_.position(market.id);
  for (WorkingOrder& working : market.orders) {
    if (working.done || working.order.parent == 0) continue;
    if (reducible(position, working.request().side).value > 0) continue;
    end(working, ReportKind::cancelled, Reason::position_closed, ts);
  }
}

}  // namespace hftsim
