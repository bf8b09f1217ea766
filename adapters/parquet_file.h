// What every reader of Parquet asks first: is it there, is it one, how long is it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "adapters/duckdb_connection.h"

namespace hftsim {

// Throws BadInput where `path` is missing, a directory, a pipe (which is read only once) or the like, or empty;
// `expectation` says what it should be.
void require_file(const std::filesystem::path& path, const std::string& expectation);

// Whether the file begins as Parquet does. Throws BadInput where it cannot be opened.
bool has_parquet_magic(const std::filesystem::path& path);
void require_parquet_magic(const std::filesystem::path& path);  // throws BadInput where it does not

// read_parquet('path'), for a query.
std::string parquet_table(const std::filesystem::path& path);

// From the file's footer. Throws DuckDbFailure.
std::uint64_t count_parquet_rows(DuckDbConnection& connection, const std::filesystem::path& path);

// A column that a cast makes a double of.
bool is_number(duckdb_type type);

}  // namespace hftsim
