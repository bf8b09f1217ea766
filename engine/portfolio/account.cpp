#include "engine/portfolio/account.h"

#include <cassert>
#include <cmath>
#include <string>

#include "engine/core/errors.h"

namespace hftsim {

Account::Account(Money initial, std::span<const Instrument> instruments)
    : initial_(initial),
      cash_(initial),
      positions_(instruments.size()),
      values_(instruments.size()),
      trips_(instruments.size()) {
  if (!(std::isfinite(initial.value) && initial.value > 0)) {
    throw BadInput("initial_capital", std::to_string(initial.value), "a finite amount above 0");
  }
}

Money Account::equity_at(InstrumentId instrument, Price price) const {
  Money sum = cash_;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    sum += i == instrument ? positions_[i].quantity * price : values_[i];
  }
  return sum;
}

FillOutcome Account::apply(const ExecutionReport& fill) {
  assert(fill.kind == ReportKind::filled && fill.instrument < positions_.size());
  Position& position = positions_[fill.instrument];
  RoundTrip& trip = trips_[fill.instrument];
  const bool was_flat = position.flat();
  const Money notional = fill.quantity * fill.price;
  cash_ -= notional * sign_of(fill.side) + fill.fee;
  turnover_ += notional;
  fees_ += fill.fee;

  const PositionChange change = apply_fill(position, fill.quantity * sign_of(fill.side), fill.price);
  realized_ += change.realized;
  if (position.last.value == 0) position.last = fill.price;
  values_[fill.instrument] = position.value();
  const bool reversed = change.closed.value > 0 && change.opened.value > 0;
  const Money closing_fee = reversed ? fill.fee * (change.closed / fill.quantity) : fill.fee;

  FillOutcome outcome{change.realized, change.closed, false, {}};
  if (was_flat) {
    begin_round_trip(fill, change.opened, fill.fee);
    return outcome;
  }
  trip.gross += change.realized;
  trip.fees += closing_fee;
  if (change.closed.value == 0) {
    trip.quantity += change.opened;
  } else if (position.flat() || reversed) {
    trip.closed = fill.ts;
    outcome.round_trip_ended = true;
    outcome.round_trip = trip;
    begin_round_trip(fill, change.opened, fill.fee - closing_fee);
  }
  return outcome;
}

void Account::begin_round_trip(const ExecutionReport& fill, Quantity opened, Money fee) {
  RoundTrip& trip = trips_[fill.instrument];
  trip = RoundTrip{};
  trip.instrument = fill.instrument;
  trip.side = fill.side;
  trip.quantity = opened;
  trip.fees = fee;
  trip.opened = fill.ts;
  trip.closed = fill.ts;
}

}  // namespace hftsim
