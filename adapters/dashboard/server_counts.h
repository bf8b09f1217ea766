// What the dashboard's server has done, for /metrics. On its thread.
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "adapters/dashboard/refusal.h"

namespace hftsim::dashboard {

struct ServerCounts {
  std::map<unsigned, std::uint64_t> answers = {};      // by status; 101: a websocket
  std::array<std::uint64_t, kRefusalCount> refused{};  // by Refusal
  std::uint64_t commands = 0;                          // taken
  std::uint64_t connections = 0;                       // now
  std::uint64_t browsers = 0;                          // now
  std::uint64_t updates = 0, snapshots = 0;            // made
  std::uint64_t skipped_updates = 0;                   // a browser took the ones before too slowly
  std::uint64_t slow_browsers = 0;                     // disconnected for it
  std::uint64_t failures = 0;  // exceptions in a connection's work that are not the network's

  void refuse(Refusal refusal) { ++refused[static_cast<std::size_t>(refusal)]; }
  std::vector<prometheus::MetricFamily> metrics() const;
};

}  // namespace hftsim::dashboard
