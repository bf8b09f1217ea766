#include "adapters/cache/time_ranges.h"

#include <algorithm>
#include <charconv>

namespace hftsim {

TimeRange common(TimeRange a, TimeRange b) {
  const TimeRange both{std::max(a.from_ns, b.from_ns), std::min(a.to_ns, b.to_ns)};
  return both.is_empty() ? TimeRange{} : both;
}

TimeRanges::TimeRanges(std::vector<TimeRange> ranges) : ranges_(std::move(ranges)) {
  std::erase_if(ranges_, [](TimeRange range) { return range.is_empty(); });
  std::sort(ranges_.begin(), ranges_.end(), [](TimeRange a, TimeRange b) { return a.from_ns < b.from_ns; });
  std::size_t kept = 0;
  for (const TimeRange range : ranges_) {
    if (kept > 0 && range.from_ns <= ranges_[kept - 1].to_ns) {
      ranges_[kept - 1].to_ns = std::max(ranges_[kept - 1].to_ns, range.to_ns);
    } else {
      ranges_[kept++] = range;
    }
  }
  ranges_.resize(kept);
}

void TimeRanges::add(TimeRange range) {
  std::vector<TimeRange> all = std::move(ranges_);
  all.push_back(range);
  *this = TimeRanges(std::move(all));
}

void TimeRanges::add(const TimeRanges& others) {
  std::vector<TimeRange> all = std::move(ranges_);
  all.insert(all.end(), others.ranges_.begin(), others.ranges_.end());
  *this = TimeRanges(std::move(all));
}

TimeRanges TimeRanges::within(TimeRange whole) const {
  TimeRanges inside;
  for (const TimeRange range : ranges_) {
    const TimeRange both = common(range, whole);
    if (!both.is_empty()) inside.ranges_.push_back(both);
  }
  return inside;
}

TimeRanges TimeRanges::missing(TimeRange whole) const {
  TimeRanges left;
  std::int64_t at = whole.from_ns;
  for (const TimeRange range : within(whole).ranges_) {
    if (at < range.from_ns) left.ranges_.push_back({at, range.from_ns});
    at = range.to_ns;
  }
  if (at < whole.to_ns) left.ranges_.push_back({at, whole.to_ns});
  return left;
}

std::string to_text(const TimeRanges& ranges) {
  std::string text;
  for (const TimeRange range : ranges.ranges()) {
    text += (text.empty() ? "" : ",") + std::to_string(range.from_ns) + "-" + std::to_string(range.to_ns);
  }
  return text;
}

std::optional<TimeRanges> parse_time_ranges(std::string_view text) {
  std::vector<TimeRange> ranges;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    TimeRange range;
    const auto from = std::from_chars(at, end, range.from_ns);
    if (from.ec != std::errc() || from.ptr == end || *from.ptr != '-') return std::nullopt;
    const auto to = std::from_chars(from.ptr + 1, end, range.to_ns);
    if (to.ec != std::errc() || range.is_empty()) return std::nullopt;
    ranges.push_back(range);
    at = to.ptr;
    if (at == end) break;
    if (*at++ != ',' || at == end) return std::nullopt;
  }
  return TimeRanges(std::move(ranges));
}

}  // namespace hftsim
