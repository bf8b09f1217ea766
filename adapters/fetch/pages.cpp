#include "adapters/fetch/pages.h"

#include <algorithm>

namespace hftsim::fetch {

std::vector<TimeRange> pages_of(const TimeRanges& stretches, Duration interval, std::size_t rows_max) {
  const std::int64_t page_ns = static_cast<std::int64_t>(rows_max) * interval.value;
  std::vector<TimeRange> pages;
  for (const TimeRange& stretch : stretches.ranges()) {
    for (std::int64_t from_ns = stretch.from_ns; from_ns < stretch.to_ns; from_ns += page_ns) {
      pages.push_back({from_ns, std::min(from_ns + page_ns, stretch.to_ns)});
    }
  }
  return pages;
}

std::uint64_t bars_in(const TimeRanges& stretches, Duration interval) {
  std::uint64_t bars = 0;
  for (const TimeRange& stretch : stretches.ranges()) {
    bars += static_cast<std::uint64_t>((stretch.to_ns - stretch.from_ns) / interval.value);
  }
  return bars;
}

TimeRange settled_part(TimeRange page, std::int64_t last_close_ns, std::int64_t settled_ns) {
  return {page.from_ns, std::max(last_close_ns, std::min(page.to_ns, settled_ns))};
}

}  // namespace hftsim::fetch
