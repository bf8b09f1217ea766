// A live session's numbers as Prometheus takes them; docs/dashboard.md lists them.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <vector>

#include "adapters/live/feed_options.h"
#include "tools/paper/live_status.h"

namespace hftsim {

std::vector<prometheus::MetricFamily> session_metrics(const LiveStatus& status, const live::FeedHealth& feed,
                                                      std::int64_t monotonic_now_ns);

}  // namespace hftsim
