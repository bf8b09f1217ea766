#include "adapters/cache/cache_footer.h"

#include <charconv>

#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "adapters/pinned_file.h"
#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

constexpr const char* kCoveredKey = "hftsim.covered";
constexpr const char* kRowsKey = "hftsim.rows_crc32c";

std::optional<std::uint32_t> parse_crc(std::string_view text) {
  std::uint32_t crc = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, crc);
  return error == std::errc() && stop == end ? std::optional(crc) : std::nullopt;
}

CacheFooter query_footer(const std::filesystem::path& file) {
  DuckDbConnection connection;
  DuckDbResult result =
      connection.stream("SELECT key, value FROM parquet_kv_metadata(" + quote_path(file.string()) + ")");
  CacheFooter footer;
  while (result.next()) {
    const auto* keys = static_cast<const duckdb_string_t*>(result.data(0));
    const auto* values = static_cast<const duckdb_string_t*>(result.data(1));
    for (std::size_t row = 0; row < result.rows(); ++row) {
      if (text_of(keys[row]) == kCoveredKey) footer.covered = parse_time_ranges(text_of(values[row]));
      if (text_of(keys[row]) == kRowsKey) footer.rows_crc32c = parse_crc(text_of(values[row]));
    }
  }
  return footer;
}

}  // namespace

std::map<std::string, std::string> cache_footer(const TimeRanges& covered, std::span<const std::byte> rows) {
  return {{kCoveredKey, to_text(covered)}, {kRowsKey, std::to_string(crc32c(rows))}};
}

CacheFooter read_footer(const std::filesystem::path& file, const CacheKey& key) {
  try {
    require_file(file, "a Parquet file");
    require_parquet_magic(file);
    const PinnedFile pinned(file);
    try {
      return query_footer(pinned.path());
    } catch (const DuckDbFailure& failure) {
      throw DuckDbFailure(pinned.named(failure.what()), failure.type());
    }
  } catch (const DuckDbFailure& failure) {
    throw BadInput(file.string() + ": not a readable Parquet file: " + failure.what() + damage_advice(key));
  } catch (const BadInput& error) {
    throw BadInput(error.what() + damage_advice(key));
  }
}

void check_rows(const CacheFooter& footer, std::span<const std::byte> rows, const std::filesystem::path& file,
                const CacheKey& key) {
  if (!footer.rows_crc32c || *footer.rows_crc32c == crc32c(rows)) return;
  throw BadInput(file.string() + ": its rows are not those that were written" + damage_advice(key));
}

std::string damage_advice(const CacheKey& key) {
  return "; the file is damaged: remove it and fetch " + name_of(key) +
         " again (hftsim cache verify lists all that are)";
}

}  // namespace hftsim
