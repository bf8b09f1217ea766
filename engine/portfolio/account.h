// Cash and positions of one account. Knows nothing of orders: it is told fills and prices.
//
// Buying takes notional + fee from cash, selling adds notional - fee. Equity is cash plus the value of every
// position at its last mark, summed in the order of instrument ids, so that the same fills and marks give the
// same bits. Allocates at construction only.
//
// Not modelled: margin, interest on cash or on what is borrowed, funding, several currencies.
#pragma once

#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/core/units.h"
#include "engine/execution/execution_report.h"
#include "engine/portfolio/position.h"
#include "engine/portfolio/round_trip.h"

namespace hftsim {

struct FillOutcome {
  Money realized{0};   // by this fill, before fees
  Quantity closed{0};  // how much of the fill reduced the position, >= 0
  bool round_trip_ended = false;
  RoundTrip round_trip;  // where one ended
};

class Account {
 public:
  // One position per instrument, all flat. Throws BadInput where `initial` is not finite and > 0.
  Account(Money initial, std::span<const Instrument> instruments);

  // Precondition: fill.kind is ReportKind::filled and fill.instrument is one of the account's. An instrument
  // that was never marked is valued at its first fill's price until it is.
  FillOutcome apply(const ExecutionReport& fill);

  // Once per bar and instrument: the marks while a position is open are the bars a round trip is held.
  void mark(InstrumentId instrument, Price last) {
    positions_[instrument].last = last;
    values_[instrument] = positions_[instrument].value();
    ++trips_[instrument].bars_held;
  }

  Money initial() const { return initial_; }
  Money cash() const { return cash_; }
  Money equity() const {
    Money sum = cash_;
    for (const Money value : values_) sum += value;
    return sum;
  }

  // Equity with this instrument valued at another price; equity_at(i, position(i).last) == equity().
  Money equity_at(InstrumentId instrument, Price price) const;

  // Sum of |quantity * last|.
  Money exposure() const {
    Money sum{0};
    for (const Money value : values_) sum += abs(value);
    return sum;
  }

  const Position& position(InstrumentId instrument) const { return positions_[instrument]; }
  std::span<const Position> positions() const { return positions_; }

  Money realized() const { return realized_; }  // before fees
  Money fees() const { return fees_; }
  Money turnover() const { return turnover_; }  // sum of |quantity| * price over all fills

 private:
  void begin_round_trip(const ExecutionReport& fill, Quantity opened, Money fee);

  Money initial_;
  Money cash_;
  Money realized_{0};
  Money fees_{0};
  Money turnover_{0};
  std::vector<Position> positions_;
  std::vector<Money> values_;     // of the positions, side by side: summed on every bar
  std::vector<RoundTrip> trips_;  // under way; meaningless where the position is flat
};

}  // namespace hftsim
