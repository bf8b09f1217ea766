// Stretches of time cut into requests.
#pragma once

#include <cstddef>
#include <vector>

#include "adapters/cache/time_ranges.h"
#include "engine/core/units.h"

namespace hftsim::fetch {

// Each stretch in pieces of at most `rows_max` bars, in order of time. The stretches' ends are on the grid.
std::vector<TimeRange> pages_of(const TimeRanges& stretches, Duration interval, std::size_t rows_max);

// How many bars that would be.
std::uint64_t bars_in(const TimeRanges& stretches, Duration interval);

// What of a page that was asked for is settled: all of it where a later bar of it is there or it ended some time ago.
// An exchange publishes a bar a little after its close, so a missing one at the very end may still come.
// `last_close_ns`: of the page's last bar; the page's begin where it has none. `settled_ns`: no bar that opens before
// this will still come.
TimeRange settled_part(TimeRange page, std::int64_t last_close_ns, std::int64_t settled_ns);

}  // namespace hftsim::fetch
