// A round trip: from flat to flat again, or to the turn through zero, in one instrument.
#pragma once

#include <cstdint>

#include "engine/core/event.h"
#include "engine/core/units.h"
#include "engine/execution/order.h"

namespace hftsim {

struct RoundTrip {
  InstrumentId instrument = 0;
  Side side = Side::buy;  // of the entry
  Quantity quantity{0};   // all that was entered, in however many fills
  Money gross{0};         // realised profit before fees
  Money fees{0};          // of its fills; a fill that turns the position splits its fee by quantity
  Timestamp opened;       // when the first fill happened
  Timestamp closed;
  std::uint64_t bars_held = 0;  // marks of the instrument between entry and exit

  Money net() const { return gross - fees; }
};

}  // namespace hftsim
