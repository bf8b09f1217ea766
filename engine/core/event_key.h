// The one total order of events. Sources, merges and queues compare by it and by nothing else.
//
// Ties: at the same ts the kind's rank decides (EventKind), then the instrument, then the sequence number the
// exchange gave. A bar needs no sequence number: an instrument has one bar per close time, which validation
// enforces, so (ts, bar, instrument) is already unique. Of bars without a fixed interval several may close at one time;
// they keep the sequence in which they closed.
#pragma once

#include <compare>
#include <cstdint>

#include "engine/core/event.h"

namespace hftsim {

struct EventKey {
  std::int64_t ts_ns;
  std::uint8_t rank;
  InstrumentId instrument;
  std::uint64_t seq;

  friend constexpr auto operator<=>(const EventKey&, const EventKey&) = default;
};

inline std::uint64_t sequence_of(const Event& event) {
  switch (event.kind) {
    case EventKind::trade:
      return event.trade.seq;
    case EventKind::quote:
      return event.quote.seq;
    case EventKind::book_change:
      return event.book.seq;
    case EventKind::timer:
      return event.timer.seq;
    case EventKind::bar:
    case EventKind::session_mark:
      return 0;
  }
  return 0;
}

inline EventKey key_of(const Event& event) {
  return {event.ts_ns, static_cast<std::uint8_t>(event.kind), event.instrument, sequence_of(event)};
}

}  // namespace hftsim
