// What lies in the cache, without reading all of it; whether it is as it has to be, reading all of it; and taking it
// away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cache/bar_cache.h"
#include "adapters/cache/cache_key.h"
#include "adapters/cache/cache_lock.h"
#include "adapters/cache/time_ranges.h"

namespace hftsim {

struct CacheSummary {
  std::uint64_t files = 0, rows = 0, bytes = 0;
  std::optional<TimeRange>
      times;  // from the first bar's opening to the last one's close; the first trade to the last
  CacheStorage storage = CacheStorage::exact;
  std::vector<std::string> damaged;  // messages; not counted among the rows
};

// From the files' footers, and the times of the first and the last file.
CacheSummary summary_of(const std::filesystem::path& root, const CacheKey& key);

struct CacheFinding {
  std::filesystem::path file;
  std::string what;  // "3 bars out of order, the first at 2024-01-02 05:30:00"
};

// Every file of the key: whole, sorted, each time or id once, within its period and on the interval's grid, covered by
// what its footer says, the rows those that were written, no bar or trade that cannot be. Empty: all is well.
std::vector<CacheFinding> verify_cached(const std::filesystem::path& root, const CacheKey& key);

struct CachedFeatures {
  std::string name;
  std::uint64_t bytes = 0;
};

// Sets of features of the key's bars, by name.
std::vector<CachedFeatures> features_of(const std::filesystem::path& root, const CacheKey& key);

// Removes the key's files, the features of its bars, and folders where nothing else is in them. Returns how many
// files of the key.
std::uint64_t clear_cached(const std::filesystem::path& root, const CacheKey& key,
                           const CacheNotice& on_wait = {});

}  // namespace hftsim
