// Names to addresses. Nothing interrupts the system's resolver, so it works on a thread of its own, which is left behind
// where it takes too long.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/net/stop_signal.h"

namespace hftsim::net {

struct Resolved {
  boost::system::error_code error;  // timed_out beyond the deadline
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;
};

// Throws Interrupted within kStopPoll.
Resolved resolve(const std::string& host, std::uint16_t port, std::chrono::steady_clock::time_point deadline,
                 const StopSignal& stop);

}  // namespace hftsim::net
