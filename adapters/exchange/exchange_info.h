// The answer to exchangeInfo: symbols with their steps, and the limits that this server keeps.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/exchange/market_feed.h"

namespace hftsim::exchange {

// Of one symbol, or of all where it is "".
std::string exchange_info_json(const MarketFeed& feed, const std::string& symbol, std::int64_t weight_limit,
                               std::int64_t now_ns);

}  // namespace hftsim::exchange
