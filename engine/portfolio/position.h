// What is held of one instrument, at average cost. Fees are no part of it: the account keeps them apart.
#pragma once

#include <algorithm>

#include "engine/core/units.h"

namespace hftsim {

// A position smaller than this is flat. It is far above the rounding error of adding fills and at most one
// lot of the instruments here.
inline constexpr Quantity kFlatQuantity{1e-8};

struct Position {
  Quantity quantity{0};    // signed; exactly 0 where flat
  Price average_entry{0};  // of what is held; 0 where flat
  Price last{0};           // the last mark; 0 before the first
  Money realized{0};       // sum over closing fills of closed quantity * (price - average entry), before fees

  bool flat() const { return quantity.value == 0; }
  Money value() const { return quantity * last; }
  Money unrealized() const { return quantity * (last - average_entry); }
};

// What one fill did to a position.
struct PositionChange {
  Quantity closed{0};  // taken off the position, >= 0
  Quantity opened{0};  // added in the fill's direction, >= 0
  Money realized{0};   // by the closed part, before fees
};

// Applies a signed fill. The part against the position closes it and realises profit; what goes on beyond
// zero opens the other way at the fill price; what is left below kFlatQuantity is dropped.
inline PositionChange apply_fill(Position& position, Quantity fill, Price price) {
  PositionChange change;
  const double held = position.quantity.value;
  const bool reduces = held * fill.value < 0;
  change.closed = reduces ? std::min(abs(fill), abs(position.quantity)) : Quantity(0);
  change.opened = abs(fill) - change.closed;
  if (reduces) {
    const Quantity signed_closed = held > 0 ? change.closed : -change.closed;
    change.realized = signed_closed * (price - position.average_entry);
    position.realized += change.realized;
  }
  const Quantity after = position.quantity + fill;
  if (abs(after) < kFlatQuantity) {
    position.quantity = Quantity(0);
    position.average_entry = Price(0);
    return change;
  }
  if (change.opened.value > 0) {
    const Quantity kept = abs(position.quantity) - change.closed;
    const Money cost = kept * position.average_entry + change.opened * price;
    position.average_entry = kept.value > 0 ? cost / (kept + change.opened) : price;
  }
  position.quantity = after;
  return change;
}

}  // namespace hftsim
