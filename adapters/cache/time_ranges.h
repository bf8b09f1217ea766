// Stretches of time, and what is left of one when others are taken away: which bars are there, which were asked for,
// which are missing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim {

struct TimeRange {
  std::int64_t from_ns = 0, to_ns = 0;  // [from, to)

  bool is_empty() const { return from_ns >= to_ns; }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// Empty (0, 0) where they have nothing in common.
TimeRange common(TimeRange a, TimeRange b);

// Sorted, disjoint, and not touching each other.
class TimeRanges {
 public:
  TimeRanges() = default;
  explicit TimeRanges(std::vector<TimeRange> ranges);  // in any order

  void add(TimeRange range);
  void add(const TimeRanges& others);

  TimeRanges within(TimeRange whole) const;   // what of them lies in `whole`
  TimeRanges missing(TimeRange whole) const;  // what of `whole` none of them covers

  bool is_empty() const { return ranges_.empty(); }
  std::span<const TimeRange> ranges() const& { return ranges_; }
  void ranges() const&& = delete;  // a loop over a temporary's would outlive them
  friend bool operator==(const TimeRanges&, const TimeRanges&) = default;

 private:
  std::vector<TimeRange> ranges_;
};

// "1704067200000000000-1704153600000000000,...": as the cache's files carry them. parse: empty where it is no such text.
std::string to_text(const TimeRanges& ranges);
std::optional<TimeRanges> parse_time_ranges(std::string_view text);

}  // namespace hftsim
