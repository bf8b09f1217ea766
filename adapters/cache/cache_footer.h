// What the cache's files say about themselves besides their rows.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/time_ranges.h"

namespace hftsim {

// For write_parquet: which times the file has rows of or were asked for.
std::map<std::string, std::string> cache_footer(const TimeRanges& covered);

// What was written so; empty where the file says nothing (of another program). Throws BadInput that names the file and
// says what to do where it is no whole Parquet file.
std::optional<TimeRanges> read_covered(const std::filesystem::path& file, const CacheKey& key);

// "; it is damaged: ..." behind a message about a file of the key.
std::string damage_advice(const CacheKey& key);

}  // namespace hftsim
