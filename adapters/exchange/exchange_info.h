// The answer to exchangeInfo: symbols with their steps, and the limits that this server keeps.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "adapters/exchange/market_feed.h"

namespace hftsim::exchange {

// Of these symbols, or of all where there are none.
std::string exchange_info_json(const MarketFeed& feed, std::span<const std::string> symbols,
                               std::int64_t weight_limit, std::int64_t now_ns);

}  // namespace hftsim::exchange
