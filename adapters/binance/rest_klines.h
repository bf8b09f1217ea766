// The body of /api/v3/klines and /fapi/v1/klines: arrays of open time, prices and volume as text, close time, counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.h"

namespace hftsim::binance {

// What was asked for.
struct KlinesQuery {
  std::int64_t interval_ns = 60'000'000'000;
  std::int64_t phase_ns = 0;            // open times are this and multiples of the interval
  std::int64_t from_ns = 0, to_ns = 0;  // open times in [from, to)
  std::size_t rows_max = 1000;
};

// The bars, in order of time, each once; ts is the close: open time and interval. Prices and volume are the doubles
// nearest to the text, as the CSV reader gives them. Whether a bar is possible (high above low) is for the policy of
// whoever reads it later. `url`: for messages. Throws BadInput with the row.
std::vector<Event> parse_klines(std::string_view body, const KlinesQuery& query, const std::string& url);

}  // namespace hftsim::binance
