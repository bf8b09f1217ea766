// Cash and what is held of each instrument: the part of an account that orders are sized and paid with. An
// account (account.h) and the exchange's ledger (account_ledger.h) are built on it, so that both get the same
// bits from the same fills and marks.
//
// Buying takes notional + fee from cash, selling adds notional - fee. Equity is cash plus the value of every
// position at its last mark, summed in the order of instrument ids. Allocates at construction only.
#pragma once

#include <cassert>
#include <vector>

#include "engine/core/units.h"
#include "engine/execution/execution_report.h"
#include "engine/portfolio/position.h"

namespace hftsim {

class Holdings {
 public:
  // All flat.
  Holdings(Money cash, std::size_t instrument_count) : cash_(cash), positions_(instrument_count) {}

  // Precondition: fill.kind is ReportKind::filled and fill.instrument is one of them. An instrument that was
  // never marked is valued at its first fill's price until it is.
  PositionChange apply(const ExecutionReport& fill) {
    assert(fill.kind == ReportKind::filled && fill.instrument < positions_.size());
    const double sign = sign_of(fill.side);
    cash_ -= fill.quantity * fill.price * sign + fill.fee;
    Position& position = positions_[fill.instrument];
    if (position.last.value == 0) position.last = fill.price;
    return apply_fill(position, fill.quantity * sign, fill.price);
  }

  void mark(InstrumentId instrument, Price last) { positions_[instrument].last = last; }

  Money cash() const { return cash_; }
  const Position& position(InstrumentId instrument) const { return positions_[instrument]; }

  // Equity with this instrument valued at another price.
  Money equity_at(InstrumentId instrument, Price price) const {
    Money sum = cash_;
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      sum += i == instrument ? positions_[i].quantity * price : positions_[i].value();
    }
    return sum;
  }

  struct Worth {
    Money equity{0};
    Money exposure{0};  // sum of |quantity * last|
  };
  Worth worth() const {
    Worth sum{cash_, Money(0)};
    for (const Position& position : positions_) {
      const Money value = position.value();
      sum.equity += value;
      sum.exposure += abs(value);
    }
    return sum;
  }

 private:
  Money cash_;
  std::vector<Position> positions_;
};

}  // namespace hftsim
