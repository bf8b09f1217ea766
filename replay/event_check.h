// Whether events are fit to be kept and to be handed on: of a known kind, of an instrument that there is, and in
// order. What a recording's checksums cannot say, because a file may be made by anybody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "replay/event_order.h"

namespace hftsim {

inline constexpr std::size_t kEventKindCount = 6;

struct EventLimits {
  EventOrder order = EventOrder::exchange;
  std::int64_t earliest_ns = INT64_MIN;  // time of the event before them
  std::size_t instruments = 0;
};

// The position of the first event that is not; events.size() where all are. About a nanosecond per event.
std::size_t first_bad_event(std::span<const Event> events, const EventLimits& limits);

// What is wrong with the event at that position: "kind 9", "instrument 7 of 2", "12 ns before the one before it".
std::string fault_of_event(std::span<const Event> events, std::size_t position, const EventLimits& limits);

}  // namespace hftsim
