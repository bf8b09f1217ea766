// What is in a recording: counts by instrument and kind, ranges of both clocks, what lies between them, and the
// marks of gaps. Filled event by event, in memory that does not grow with the recording.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "replay/duration_histogram.h"
#include "replay/event_check.h"

namespace hftsim {

struct TimeRange {
  std::int64_t first_ns = INT64_MAX, last_ns = INT64_MIN;

  void add(std::int64_t ns) {
    first_ns = ns < first_ns ? ns : first_ns;
    last_ns = ns > last_ns ? ns : last_ns;
  }
};

struct RecordingSurvey {
  using KindCounts = std::array<std::uint64_t, kEventKindCount>;
  static constexpr std::size_t kGapsKept = 20;

  explicit RecordingSurvey(std::size_t instruments) : by_instrument(instruments) {}

  void add(std::span<const Event> events);
  KindCounts by_kind() const;

  std::vector<KindCounts> by_instrument;
  std::uint64_t events = 0;
  TimeRange exchange, receive;
  DurationHistogram latency;  // receive time minus exchange time, of all events but bars and timers
  std::uint64_t gaps = 0, disconnects = 0;
  std::vector<Event> first_gaps;  // at most kGapsKept
};

// "gap of book_change: 12 missing, 1007 after 994"; "disconnected".
std::string describe_mark(const Event& mark);

}  // namespace hftsim
