// What the cache's files say about themselves besides their rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/time_ranges.h"

namespace hftsim {

struct CacheFooter {
  std::optional<TimeRanges> covered;         // times that it has rows of or that were asked for
  std::optional<std::uint32_t> rows_crc32c;  // of the rows as they lie in memory, one after another
};

// For write_parquet.
std::map<std::string, std::string> cache_footer(const TimeRanges& covered, std::span<const std::byte> rows);

// What was written so; a file of another program says nothing. Throws BadInput that names the file and says what to do
// where it is no whole Parquet file.
CacheFooter read_footer(const std::filesystem::path& file, const CacheKey& key);

// Throws BadInput where the footer says that other rows were written: a checksum is what Parquet has not.
void check_rows(const CacheFooter& footer, std::span<const std::byte> rows, const std::filesystem::path& file,
                const CacheKey& key);

// "; the file is damaged: ..." behind a message about a file of the key.
std::string damage_advice(const CacheKey& key);

}  // namespace hftsim
