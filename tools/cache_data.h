// `cache:SYMBOL/INTERVAL` where a command takes a file of bars: what is kept in the cache (docs/cache.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bar_reader.h"
#include "adapters/cache/cache_key.h"
#include "adapters/cache/time_ranges.h"

namespace hftsim {

// "cache:BTCUSDT/1m", "cache:usdm/BTCUSDT/1m", "cache:BTCUSDT/1m@2024-01-01..2024-02-01": bars that open from the one
// time on and before the other; either may be left out.
struct CacheData {
  CacheKey key;
  TimeRange whole;
};

bool names_cache(const std::string& data);  // whether it begins with "cache:"
// Throws BadInput(place, ...).
CacheData parse_cache_data(const std::string& data, const std::string& place);

// The bars of that file, or of the cache. Throws BadInput where there are none, names the nearest keys, or where the
// options' interval is another than the key's.
std::unique_ptr<BarReader> open_bar_data(const std::string& data, BarReaderOptions options);

// The trades of `cache:SYMBOL/trades`. Throws BadInput where the key is one of bars, or there are none.
std::unique_ptr<EventSource> open_cached_trades(const std::string& data);

// The files that are read for it: that one, or those of the cache.
std::vector<std::filesystem::path> files_of_data(const std::string& data);

// What a run over it may be called: BTCUSDT-1m.
std::string stem_of_data(const std::string& data);

// Where `--out cache:NAME` puts the features of bars of the cache: ROOT/features/symbol=.../interval=.../set=NAME/
// features.parquet, whose folder is made. Throws BadInput where `data` is not in the cache.
std::filesystem::path cached_features_path(const std::string& out, const std::string& data);

}  // namespace hftsim
