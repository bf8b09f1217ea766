// The body of /api/v3/aggTrades and /fapi/v1/aggTrades: objects with the ids and the time of an aggregate of trades,
// price and quantity as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim::binance {

// The trades, by rising id and no falling time; prices and quantities count the instrument's steps exactly. `id_min`,
// `rows_max`: what was asked for. `url`: for messages. Throws BadInput with the row.
std::vector<Event> parse_agg_trades(std::string_view body, const Instrument& instrument, std::uint64_t id_min,
                                    std::size_t rows_max, const std::string& url);

}  // namespace hftsim::binance
