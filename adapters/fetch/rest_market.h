// What differs between the exchange's markets: addresses, how much one request may ask for, what it weighs.
#pragma once

#include <cstddef>
#include <string>

#include "adapters/cache/cache_key.h"
#include "engine/core/units.h"

namespace hftsim::fetch {

// A kind of request.
struct RestPage {
  const char* path;
  std::size_t rows_max;
  int weight;
};

struct RestMarket {
  const char* base_url;
  int weight_per_minute;  // the exchange's limit per address
  RestPage klines, agg_trades, symbols, time;
  bool names_symbols;  // `symbols` can be asked for some of them; else it answers with all there are
};

// As of 2025: https://developers.binance.com/docs.
const RestMarket& rest_market(Market market);

// Of the bars that the exchange offers those whose open times are a grid. Not 3d, whose grid it does not state, and
// not 1M, whose bars are of different length. Throws BadInput(place, ...).
Duration checked_kline_interval(const std::string& text, Market market, const std::string& place);

// Open times are this and multiples of the interval: weeks begin on Mondays.
std::int64_t phase_ns(Duration interval);

// The last open time of the grid at or before the time; at or after it.
std::int64_t grid_floor(std::int64_t ns, Duration interval);
std::int64_t grid_ceil(std::int64_t ns, Duration interval);

}  // namespace hftsim::fetch
