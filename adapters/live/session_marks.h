// The marks that a live feed puts between the market's events.
#pragma once

#include <cstdint>

#include "engine/core/event.h"

namespace hftsim::live {

inline Event make_mark(SessionMark mark, InstrumentId instrument, std::int64_t ts_ns) {
  Event event{};
  event.kind = EventKind::session_mark;
  event.instrument = instrument;
  event.ts_ns = ts_ns;
  event.session.mark = mark;
  return event;
}

// Of a stream that goes on with `found` where `expected` would have followed: ids, of bars the closes in ns.
inline Event make_gap(EventKind stream, InstrumentId instrument, std::int64_t ts_ns, std::uint64_t expected,
                      std::uint64_t found, std::uint64_t missing) {
  Event event = make_mark(SessionMark::gap, instrument, ts_ns);
  event.session = {SessionMark::gap, static_cast<std::uint32_t>(stream), expected, found, missing, 0};
  return event;
}

}  // namespace hftsim::live
