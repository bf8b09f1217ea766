#include "replay/event_check.h"

#include <fmt/format.h>

namespace hftsim {
namespace {

bool is_known(const Event& event, const EventLimits& limits) {
  return static_cast<std::size_t>(event.kind) < kEventKindCount && event.instrument < limits.instruments;
}

// Without a branch per event: what is wrong is looked for only where something is.
template <EventOrder order>
bool all_good(std::span<const Event> events, const EventLimits& limits) {
  std::int64_t before_ns = limits.earliest_ns;
  unsigned bad = 0;
  for (const Event& event : events) {
    const std::int64_t now_ns = ordering_ns<order>(event);
    bad |= static_cast<unsigned>(now_ns < before_ns) |
           static_cast<unsigned>(static_cast<std::size_t>(event.kind) >= kEventKindCount) |
           static_cast<unsigned>(event.instrument >= limits.instruments);
    before_ns = now_ns;
  }
  return bad == 0;
}

std::int64_t before(std::span<const Event> events, std::size_t position, const EventLimits& limits) {
  return position == 0 ? limits.earliest_ns : ordering_ns(events[position - 1], limits.order);
}

}  // namespace

std::size_t first_bad_event(std::span<const Event> events, const EventLimits& limits) {
  const bool good = limits.order == EventOrder::exchange ? all_good<EventOrder::exchange>(events, limits)
                                                         : all_good<EventOrder::receive>(events, limits);
  if (good) return events.size();
  std::size_t i = 0;
  while (is_known(events[i], limits) && ordering_ns(events[i], limits.order) >= before(events, i, limits))
    ++i;
  return i;
}

std::string fault_of_event(std::span<const Event> events, std::size_t position, const EventLimits& limits) {
  const Event& event = events[position];
  if (static_cast<std::size_t>(event.kind) >= kEventKindCount) {
    return fmt::format("kind {}", static_cast<int>(event.kind));
  }
  if (event.instrument >= limits.instruments) {
    return fmt::format("instrument {} of {}", event.instrument, limits.instruments);
  }
  return fmt::format("time {} ns, after {} ns", ordering_ns(event, limits.order),
                     before(events, position, limits));
}

}  // namespace hftsim
