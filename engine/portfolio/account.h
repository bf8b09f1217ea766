// An account: its holdings, what they are worth, and what trading has brought and cost so far. Knows nothing of
// orders: it is told fills and prices. Allocates at construction only.
//
// Not modelled: margin, interest on cash or on what is borrowed, funding, several currencies.
#pragma once

#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/core/units.h"
#include "engine/execution/execution_report.h"
#include "engine/portfolio/holdings.h"
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

  // As Holdings::apply().
  FillOutcome apply(const ExecutionReport& fill);

  // Once per bar and instrument: the marks while a position is open are the bars a round trip is held.
  void mark(InstrumentId instrument, Price last) {
    holdings_.mark(instrument, last);
    worth_ = holdings_.worth();
    ++trips_[instrument].bars_held;
  }

  Money initial() const { return initial_; }
  Money cash() const { return holdings_.cash(); }
  Money equity() const { return worth_.equity; }
  Money exposure() const { return worth_.exposure; }

  const Position& position(InstrumentId instrument) const { return holdings_.position(instrument); }

  Money realized() const { return realized_; }  // before fees
  Money fees() const { return fees_; }
  Money turnover() const { return turnover_; }  // sum of |quantity| * price over all fills

 private:
  void begin_round_trip(const ExecutionReport& fill, Quantity opened, Money fee);

  Money initial_;
  Money realized_{0};
  Money fees_{0};
  Money turnover_{0};
  Holdings holdings_;
  Holdings::Worth worth_;         // kept: asked for several times on every bar
  std::vector<RoundTrip> trips_;  // under way; meaningless where the position is flat
};

}  // namespace hftsim
