#include "adapters/fetch/rest_market.h"

#include <algorithm>
#include <array>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"

namespace hftsim::fetch {
namespace {

constexpr RestMarket kSpot{.base_url = "https://api.binance.com",
                           .weight_per_minute = 6000,
                           .klines = {"/api/v3/klines", 1000, 2},
                           .agg_trades = {"/api/v3/aggTrades", 1000, 4},
                           .symbols = {"/api/v3/exchangeInfo", 0, 20},
                           .time = {"/api/v3/time", 0, 1},
                           .names_symbols = true};
constexpr RestMarket kUsdm{.base_url = "https://fapi.binance.com",
                           .weight_per_minute = 2400,
                           .klines = {"/fapi/v1/klines", 1500, 10},
                           .agg_trades = {"/fapi/v1/aggTrades", 1000, 20},
                           .symbols = {"/fapi/v1/exchangeInfo", 0, 1},
                           .time = {"/fapi/v1/time", 0, 1},
                           .names_symbols = false};

constexpr std::array kIntervals = {"1s", "1m", "3m", "5m", "15m", "30m", "1h",
                                   "2h", "4h", "6h", "8h", "12h", "1d",  "1w"};
constexpr Duration kWeek = 7 * kDay;

}  // namespace

const RestMarket& rest_market(Market market) {
  return market == Market::spot ? kSpot : kUsdm;
}

Duration checked_kline_interval(const std::string& text, Market market, const std::string& place) {
  const auto offered = std::span(kIntervals).subspan(market == Market::spot ? 0 : 1);
  if (std::ranges::find(offered, text) != offered.end()) return *parse_interval(text);
  std::string names;
  for (const char* name : offered) names += (names.empty() ? "" : ", ") + std::string(name);
  throw BadInput(place, "'" + text + "'", "an interval of the exchange: " + names);
}

std::int64_t phase_ns(Duration interval) {
  return interval == kWeek ? -3 * kDay.value : 0;  // 1970 began on a Thursday
}

std::int64_t grid_floor(std::int64_t ns, Duration interval) {
  const std::int64_t rest = (ns - phase_ns(interval)) % interval.value;
  return ns - (rest < 0 ? rest + interval.value : rest);
}

std::int64_t grid_ceil(std::int64_t ns, Duration interval) {
  return grid_floor(ns + interval.value - 1, interval);
}

}  // namespace hftsim::fetch
