#include "adapters/cache/cache_footer.h"

#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr const char* kCoveredKey = "hftsim.covered";

std::optional<TimeRanges> query_covered(const std::filesystem::path& file) {
  DuckDbConnection connection;
  DuckDbResult result =
      connection.stream("SELECT value FROM parquet_kv_metadata(" + quote_path(file.string()) +
                        ") WHERE key = CAST(" + quote_literal(kCoveredKey) + " AS BLOB)");
  if (!result.next()) return std::nullopt;
  return parse_time_ranges(text_of(static_cast<const duckdb_string_t*>(result.data(0))[0]));
}

}  // namespace

std::map<std::string, std::string> cache_footer(const TimeRanges& covered) {
  return {{kCoveredKey, to_text(covered)}};
}

std::optional<TimeRanges> read_covered(const std::filesystem::path& file, const CacheKey& key) {
  try {
    require_file(file, "a Parquet file");
    require_parquet_magic(file);
    return query_covered(file);
  } catch (const DuckDbFailure& failure) {
    throw BadInput(file.string() + ": not a readable Parquet file: " + failure.what() + damage_advice(key));
  } catch (const BadInput& error) {
    throw BadInput(error.what() + damage_advice(key));
  }
}

std::string damage_advice(const CacheKey& key) {
  return "; the file is damaged: remove it and fetch " + name_of(key) +
         " again (hftsim cache verify lists all that are)";
}

}  // namespace hftsim
