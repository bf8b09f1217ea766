#include "engine/portfolio/account.h"

#include <cmath>
#include <string>

#include "engine/core/errors.h"

namespace hftsim {

Account::Account(Money initial, std::span<const Instrument> instruments)
    : initial_(initial),
      holdings_(initial, instruments.size()),
      worth_(holdings_.worth()),
      trips_(instruments.size()) {
  if (!(std::isfinite(initial.value) && initial.value > 0)) {
    throw BadInput("initial_capital", std::to_string(initial.value), "a finite amount above 0");
  }
}

FillOutcome Account::apply(const ExecutionReport& fill) {
  RoundTrip& trip = trips_[fill.instrument];
  const Position& position = holdings_.position(fill.instrument);
  const bool was_flat = position.flat();
  const PositionChange change = holdings_.apply(fill);
  worth_ = holdings_.worth();
  realized_ += change.realized;
  turnover_ += fill.quantity * fill.price;
  fees_ += fill.fee;
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
