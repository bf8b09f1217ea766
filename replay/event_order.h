// By which clock a stream of events is in order: the exchange's, or the one here.
#pragma once

#include <cstdint>

#include "engine/core/event.h"

namespace hftsim {

enum class EventOrder : std::uint8_t { exchange, receive };

template <EventOrder order>
constexpr std::int64_t ordering_ns(const Event& event) {
  return order == EventOrder::exchange ? event.ts_ns : event.recv_ns;
}

inline std::int64_t ordering_ns(const Event& event, EventOrder order) {
  return order == EventOrder::exchange ? event.ts_ns : event.recv_ns;
}

}  // namespace hftsim
