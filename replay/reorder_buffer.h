// Brings events that come in about the order of a clock into EventKey order: a feed has several streams, each in order
// by itself, of which some run behind others. Held back is what is younger than the newest minus a window; what comes
// later than that is refused.
//
// A lane for each instrument and kind, and a heap of their first events: where lanes are in order by themselves, an event
// costs two copies and a comparison. Inside a lane, what comes late is moved to its place; of equal keys, what came first
// stays first, and the events of one message stay together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/event_key.h"
#include "replay/event_order.h"

namespace hftsim {

class ReorderBuffer {
 public:
  // `window_ns`: how far events may run behind the newest one, by the order's clock; not below 0.
  ReorderBuffer(EventOrder order, std::int64_t window_ns) : order_(order), window_ns_(window_ns) {}

  // Events of one message: one instrument, kind and time. False, with none of them taken, where that time lies before
  // floor_ns(). Allocates only for more events at once than before.
  [[nodiscard]] bool push(std::span<const Event> message);

  // Those whose place is certain, as many as there is room for.
  std::size_t pop(std::span<Event> out);

  // No more come: pop() gives all that is left.
  void finish() { is_finished_ = true; }

  // Events of that time and later may still come.
  std::int64_t floor_ns() const {
    return newest_ns_ < INT64_MIN + window_ns_ ? INT64_MIN : newest_ns_ - window_ns_;
  }
  std::size_t size() const { return size_; }

 private:
  struct Lane {
    std::vector<Event> events;
    std::size_t begin = 0;  // those before were given
  };
  struct Front {
    EventKey key;
    std::uint32_t lane;
  };

  Lane& lane_of(const Event& event, std::uint32_t& number);
  void update_front(std::uint32_t number, const EventKey& key, bool was_empty);
  const Front* second() const;
  std::size_t give_run(std::span<Event> out, std::int64_t end_ns);

  EventOrder order_;
  std::int64_t window_ns_;
  std::vector<Lane> lanes_;
  std::vector<Front> fronts_;  // a heap, the first event's lane on top
  std::int64_t newest_ns_ = INT64_MIN;
  std::size_t size_ = 0;
  bool is_finished_ = false;
};

}  // namespace hftsim
