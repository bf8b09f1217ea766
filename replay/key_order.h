// Brings events into EventKey order; of equal keys, what came first stays first.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "engine/core/event_key.h"
#include "replay/event_order.h"

namespace hftsim {

// The key with the time that the order goes by.
inline EventKey key_of(const Event& event, EventOrder order) {
  EventKey key = key_of(event);
  key.ts_ns = ordering_ns(event, order);
  return key;
}

// Sorts positions, then moves each event once. Not std::stable_sort: g++ 12's takes memory of the default alignment
// for it, and events need 64 bytes.
inline void sort_by_key(std::span<Event> events, EventOrder order = EventOrder::exchange) {
  const auto is_before = [&](std::size_t a, std::size_t b) {
    const EventKey x = key_of(events[a], order), y = key_of(events[b], order);
    return x != y ? x < y : a < b;
  };
  std::vector<std::size_t> positions(events.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  if (std::is_sorted(positions.begin(), positions.end(), is_before)) return;
  std::sort(positions.begin(), positions.end(), is_before);
  const std::vector<Event> before(events.begin(), events.end());
  for (std::size_t i = 0; i < events.size(); ++i) events[i] = before[positions[i]];
}

}  // namespace hftsim
