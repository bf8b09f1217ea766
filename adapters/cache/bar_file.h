// One Parquet file of the cache's bars as rows, and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/time_ranges.h"
#include "engine/core/event.h"

namespace hftsim {

// exact: float64 and int64. compact: float32 and int32, about 7 digits.
enum class CacheStorage : std::uint8_t { exact, compact };

struct BarRow {
  static constexpr std::int64_t kNoTrades = -1;  // the source has no trade count

  std::int64_t open_ns;
  double open, high, low, close, volume;
  std::int64_t trades;

  // What the cache sorts by, what it partitions by, and what makes two rows the same.
  std::int64_t order() const { return open_ns; }
  std::int64_t time_ns() const { return open_ns; }
  bool is_same(const BarRow& other) const;
};
static_assert(sizeof(BarRow) == 56);  // no padding: rows are checksummed as they lie

BarRow bar_row(const Event& bar, Duration interval);

// What is left of a row that is stored so.
BarRow rounded(BarRow row, CacheStorage storage);

// In the file's order. Throws BadInput where it is damaged or no file of bars; storage_of_bar_file: DuckDbFailure.
std::vector<BarRow> read_bar_file(const std::filesystem::path& file);
CacheStorage storage_of_bar_file(const std::filesystem::path& file);

// Throws IoFailure; BadInput for a number of trades beyond what compact rows hold.
void write_bar_file(const std::filesystem::path& file, const std::vector<BarRow>& rows, CacheStorage storage,
                    const std::map<std::string, std::string>& footer);

// The times that rows, sorted, are the bars of.
TimeRanges times_of(const std::vector<BarRow>& rows, Duration interval);

}  // namespace hftsim
