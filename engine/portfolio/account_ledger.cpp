#include "engine/portfolio/account_ledger.h"

#include <algorithm>
#include <cmath>

#include "engine/execution/fill_rules.h"

namespace hftsim {
namespace {

constexpr double kCashSlack = 1e-12;

}  // namespace

AccountLedger::AccountLedger(Money initial, std::span<const Instrument> instruments, bool allow_short)
    : holdings_(initial, instruments.size()),
      instruments_(instruments.begin(), instruments.end()),
      allow_short_(allow_short) {}

// Before rounding; may be negative where the target lies the other way.
Quantity AccountLedger::wanted(const OrderRequest& request, Price price, Reason& reason) const {
  const Quantity held = position(request.instrument);
  switch (request.rule) {
    case QuantityRule::fixed:
      return request.quantity;
    case QuantityRule::close_position:
      return reducible(held, request.side);
    case QuantityRule::target_weight:
      break;
  }
  const Money magnitude = target_of(request).of(holdings_.equity_at(request.instrument, price));
  const Money target = request.target_weight < 0 ? -magnitude : magnitude;
  const Quantity quantity = (target - held * price) / price * sign_of(request.side);
  if (!(quantity.value > 0)) reason = Reason::target_already_held;
  return quantity;
}

Quantity AccountLedger::quantity_at(const Order& order, Price price, Reason& reason) const {
  const OrderRequest& request = order.request;
  const auto refuse = [&reason](Reason why) {
    reason = why;
    return Quantity(0);
  };
  if (!(std::isfinite(price.value) && price.value > 0)) return refuse(Reason::invalid_price);

  Reason nothing_wanted = Reason::none;
  Quantity quantity = wanted(request, price, nothing_wanted);
  if (nothing_wanted != Reason::none) return refuse(nothing_wanted);

  const Quantity closes_all = reducible(position(request.instrument), request.side);
  if (only_reduces(request)) {
    if (closes_all.value == 0) return refuse(Reason::nothing_to_reduce);
    quantity = std::min(quantity, closes_all);
  }
  const Instrument& instrument = instruments_[request.instrument];
  const bool exact = closes_all.value > 0 && abs(quantity - closes_all) < kFlatQuantity;
  quantity = exact ? closes_all : instrument.round_to_lot(quantity);
  // What would leave a flat account flat is nothing; an open position may grow by however little.
  const bool opens = position(request.instrument).value == 0;
  if (!(quantity > (opens ? kFlatQuantity : Quantity(0)))) return refuse(Reason::rounds_to_zero);
  if (!only_reduces(request) && (quantity * price).value < instrument.min_notional) {
    return refuse(Reason::below_min_notional);
  }
  reason = Reason::none;
  return quantity;
}

Reason AccountLedger::check_funds(const Order& order, Quantity quantity, Price price, Money fee) const {
  if (order.request.side == Side::sell) {
    const bool goes_short = (quantity - position(order.request.instrument)).value > kFlatQuantity.value;
    return goes_short && !allow_short_ ? Reason::short_not_allowed : Reason::none;
  }
  const Money cost = quantity * price + fee;
  return cost <= holdings_.cash() * (1 + kCashSlack) ? Reason::none : Reason::insufficient_cash;
}

}  // namespace hftsim
