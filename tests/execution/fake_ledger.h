// The account as a venue test needs it: cash, positions, last prices. Fixed quantities are taken as they are.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "engine/execution/venue.h"

namespace hftsim::test {

class FakeLedger final : public VenueLedger {
 public:
  double cash = 1e9;

  Quantity quantity_at(const Order& order, Price price, Reason& reason) const override {
    const OrderRequest& r = order.request;
    const double held = position(r.instrument).value, sign = sign_of(r.side);
    switch (r.rule) {
      case QuantityRule::fixed:
        return r.quantity;
      case QuantityRule::close_position:
        if (held * sign >= 0) reason = Reason::nothing_to_reduce;
        return Quantity(std::max(0.0, -held * sign));
      case QuantityRule::target_weight: {
        const double missing = (equity(r.instrument, price) * r.target_weight / price.value - held) * sign;
        if (missing <= 0) reason = Reason::target_already_held;
        return Quantity(std::max(0.0, missing));
      }
    }
    return Quantity(0);
  }

  Reason check_funds(const Order& order, Quantity quantity, Price price, Money fee) const override {
    const bool buys = order.request.side == Side::buy;
    return buys && (quantity * price + fee).value > cash ? Reason::insufficient_cash : Reason::none;
  }

  Quantity position(InstrumentId instrument) const override {
    const auto found = positions_.find(instrument);
    return Quantity(found == positions_.end() ? 0 : found->second);
  }

  void on_fill(const ExecutionReport& fill) override {
    const double signed_quantity = fill.quantity.value * sign_of(fill.side);
    double& held = positions_[fill.instrument];
    held += signed_quantity;
    if (std::fabs(held) < 1e-8) held = 0;
    cash -= signed_quantity * fill.price.value + fill.fee.value;
    fills.push_back(fill);
  }

  void mark(InstrumentId instrument, Price last) { last_[instrument] = last.value; }

  double last_price(InstrumentId instrument) const { return last_.at(instrument); }

  std::vector<ExecutionReport> fills;

 private:
  double equity(InstrumentId at, Price price) const {
    double sum = cash;
    for (const auto& [instrument, held] : positions_) {
      sum += held * (instrument == at ? price.value : last_.at(instrument));
    }
    return sum;
  }

  std::map<InstrumentId, double> positions_;
  std::map<InstrumentId, double> last_;
};

}  // namespace hftsim::test
