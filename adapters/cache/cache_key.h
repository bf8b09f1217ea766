// What lies together in the cache: the bars of one interval, or the trades, of one symbol of one market.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/market.h"
#include "engine/core/units.h"

namespace hftsim {

inline constexpr Duration kTrades{0};  // where an interval would be

struct CacheKey {
  Market market = Market::spot;
  std::string symbol;           // as the exchange writes it: BTCUSDT
  Duration interval = kTrades;  // of the bars

  bool is_trades() const { return interval == kTrades; }
  friend bool operator==(const CacheKey&, const CacheKey&) = default;
  friend bool operator<(const CacheKey& a, const CacheKey& b);  // by market, symbol, interval
};

// "BTCUSDT/1m", "usdm/BTCUSDT/1m", "BTCUSDT/trades": what stands behind `cache:`.
std::string name_of(const CacheKey& key);

// The inverse; "spot/" in front is understood too. Throws BadInput(place, ...) where it is no such key, or its symbol
// has something in it that no symbol has (a '/', a '=', a control character).
CacheKey parse_cache_key(std::string_view text, const std::string& place);
CacheKey cache_key(Market market, std::string symbol, Duration interval, const std::string& place);

// Below the root, for hive partitioning: klines/symbol=BTCUSDT/interval=1m, trades/symbol=BTCUSDT; of usdm the same
// below usdm/.
std::filesystem::path folder_of(const CacheKey& key);
// Features of its bars: features/symbol=BTCUSDT/interval=1m, in it a folder set=NAME each.
std::filesystem::path features_folder_of(const CacheKey& key);
// The inverse of folder_of; empty where the folder is none of a key's.
std::optional<CacheKey> key_of_folder(const std::filesystem::path& folder);

}  // namespace hftsim
