#include "adapters/parquet_file.h"

#include <array>
#include <fstream>
#include <string_view>

#include "engine/core/errors.h"

namespace hftsim {

void require_file(const std::filesystem::path& path, const std::string& expectation) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw BadInput(path.string(), "no such file", expectation);
  }
  if (std::filesystem::is_directory(status)) throw BadInput(path.string(), "a directory", expectation);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw BadInput(path.string(), "not a regular file (a pipe, a socket or a device)", expectation);
  }
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) == 0) {
    throw BadInput(path.string(), "an empty file", expectation);
  }
}

bool has_parquet_magic(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw BadInput(path.string() + ": cannot be opened for reading (permission?)");
  std::array<char, 4> magic{};
  file.read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) == "PAR1";
}

void require_parquet_magic(const std::filesystem::path& path) {
  if (has_parquet_magic(path)) return;
  throw BadInput(path.string(), "a file that does not begin with 'PAR1'", "a Parquet file");
}

std::string parquet_table(const std::filesystem::path& path) {
  return "read_parquet(" + quote_path(path.string()) + ")";
}

std::uint64_t count_parquet_rows(DuckDbConnection& connection, const std::filesystem::path& path) {
  DuckDbResult result = connection.stream("SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata(" +
                                          quote_path(path.string()) + ")");
  return result.next() ? static_cast<const std::uint64_t*>(result.data(0))[0] : 0;
}

bool is_number(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_DECIMAL:
      return true;
    default:
      return false;
  }
}

}  // namespace hftsim
