// The exchange's own account: it says how much an order may be and whether it is paid for, and hears of every
// fill the moment it happens. The strategy's account hears the same a response latency later.
//
// Not modelled: margin. Selling short needs no collateral; a buy, also one that covers a short, needs the
// cash for all of it.
#pragma once

#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/execution/venue.h"
#include "engine/portfolio/holdings.h"

namespace hftsim {

class AccountLedger final : public VenueLedger {
 public:
  AccountLedger(Money initial, std::span<const Instrument> instruments, bool allow_short = true);

  // >= 0, a multiple of the lot towards zero by the rule:
  //   fixed           request.quantity
  //   target_weight   weight * equity at `price` / price - position, where the order's side goes that way
  //   close_position  the whole position, where the order's side is against it
  // reduce_only never exceeds the position. A quantity that is the whole position but for less than
  // kFlatQuantity is the whole position, unrounded, so that closing leaves nothing.
  // 0 with reason: invalid_price, target_already_held, nothing_to_reduce, rounds_to_zero (also what
  // would open a position smaller than kFlatQuantity), below_min_notional (orders that may only reduce are exempt from it).
  Quantity quantity_at(const Order& order, Price price, Reason& reason) const override;

  // Buys: quantity * price + fee <= cash * (1 + 1e-12), the slack for the rounding of a weight of exactly 1.
  // Sells: where shorts are not allowed, no more than is held (short_not_allowed), also where each of several
  // working orders was covered when it was sent.
  Reason check_funds(const Order& order, Quantity quantity, Price price, Money fee) const override;

  Quantity position(InstrumentId instrument) const override {
    return holdings_.position(instrument).quantity;
  }
  void on_fill(const ExecutionReport& fill) override { holdings_.apply(fill); }

  // Once per bar and instrument, after the venue has met it: what other instruments' orders are sized with.
  void mark(InstrumentId instrument, Price last) { holdings_.mark(instrument, last); }

  const Holdings& holdings() const { return holdings_; }

 private:
  Quantity wanted(const OrderRequest& request, Price price, Reason& reason) const;

  Holdings holdings_;
  std::vector<Instrument> instruments_;
  bool allow_short_;
};

}  // namespace hftsim
