// What an answer's status means for whoever asked.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/net/http_response.h"
#include "engine/core/units.h"

namespace hftsim::fetch {

enum class Verdict : std::uint8_t {
  good,      // 200
  too_many,  // 429: over the limit of weight
  banned,    // 418: went on after 429s
  failing,   // 5xx, 408: the exchange's own trouble
  refused,   // anything else: asking again changes nothing
};

Verdict judge(unsigned status);

// Retry-After in seconds; empty where there is none or it is no number. At most a year.
std::optional<Duration> retry_after(const net::HttpResponse& response);

// X-MBX-USED-WEIGHT-1M.
std::optional<int> used_weight(const net::HttpResponse& response);

}  // namespace hftsim::fetch
