// Connections to the process's one in-memory DuckDB, and what is needed of its C API: a statement, a streamed
// result, quoting. Started by the first connection (~15 ms). Queries run on the thread that asks, give rows in
// the file's order, stay within kDuckDbMemoryLimit of buffers, load no extension and nothing from the network.
#pragma once

#include <duckdb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/errors.h"

namespace hftsim {

inline constexpr const char* kDuckDbMemoryLimit = "96MiB";  // above it a query fails; nothing is spilled

// A statement failed. The caller that knows whose fault it is (a user's file: BadInput) translates it.
class DuckDbFailure : public IoFailure {
 public:
  DuckDbFailure(const std::string& message, duckdb_error_type type) : IoFailure(message), type_(type) {}
  duckdb_error_type type() const { return type_; }

 private:
  duckdb_error_type type_;
};

struct DuckDbColumn {
  std::string name;
  duckdb_type type;
};

// The rows of a query, a chunk of up to 2048 at a time, never all of them.
class DuckDbResult {
 public:
  DuckDbResult() = default;
  DuckDbResult(duckdb_connection connection, const std::string& sql);  // throws DuckDbFailure
  ~DuckDbResult();
  DuckDbResult(DuckDbResult&& other) noexcept;
  DuckDbResult& operator=(DuckDbResult&& other) noexcept;

  // The next chunk, or false at the end. What was read from the one before is gone.
  bool next();
  std::size_t rows() const { return rows_; }

  // The cells of a column of the current chunk, laid out as its type says (duckdb.h).
  const void* data(std::size_t column) const;
  // One bit per row, 1: there is a value. nullptr: all rows have one.
  const std::uint64_t* validity(std::size_t column) const;

 private:
  void release();

  duckdb_prepared_statement statement_ = nullptr;
  duckdb_result result_{};
  bool has_result_ = false;
  duckdb_data_chunk chunk_ = nullptr;
  std::size_t rows_ = 0;
};

class DuckDbConnection {
 public:
  DuckDbConnection();
  ~DuckDbConnection();
  DuckDbConnection(const DuckDbConnection&) = delete;
  DuckDbConnection& operator=(const DuckDbConnection&) = delete;

  void execute(const std::string& sql);
  DuckDbResult stream(const std::string& sql) { return DuckDbResult(connection_, sql); }
  // Names and types of what a query would give, without running it.
  std::vector<DuckDbColumn> describe(const std::string& sql);

  duckdb_connection handle() { return connection_; }

 private:
  duckdb_connection connection_ = nullptr;
};

std::string quote_literal(std::string_view text);     // 'it''s'
std::string quote_identifier(std::string_view name);  // "a ""name"""
// A path as a literal for read_parquet / read_csv, with what those take as a pattern escaped.
std::string quote_path(std::string_view path);

inline bool is_valid(const std::uint64_t* validity, std::size_t row) {
  return validity == nullptr || (validity[row / 64] >> (row % 64) & 1) != 0;
}

inline std::string_view text_of(const duckdb_string_t& cell) {
  constexpr std::uint32_t kInlined = 12;
  const std::uint32_t length = cell.value.inlined.length;
  return {length <= kInlined ? cell.value.inlined.inlined : cell.value.pointer.ptr, length};
}

}  // namespace hftsim
