// The raw rows of a file of bars, Parquet or CSV, streamed: the file's values as nanoseconds and doubles, not
// yet judged. bar_reader.h makes events of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/bar_columns.h"

namespace hftsim {

inline constexpr std::size_t kBarRowsMax = 2048;  // DuckDB's vector size

// Up to kBarRowsMax rows; valid until the next call of BarTable::next(). A value that is absent is NaN.
struct BarRows {
  std::size_t count = 0;
  const std::int64_t* open_ns = nullptr;
  const double* open = nullptr;
  const double* high = nullptr;
  const double* low = nullptr;
  const double* close = nullptr;
  const double* volume = nullptr;
  const double* trades = nullptr;          // nullptr: the file has no such column
  const std::int64_t* close_ns = nullptr;  // nullptr: the file has no such column; kNoTime: no value
};

class BarTable {
 public:
  // Throws BadInput that names the path where it is missing, a directory, empty, of another format, cut off
  // (.gz), or lacks a column.
  explicit BarTable(const std::filesystem::path& path);
  // Several files as one, in that order: at least one. What is wrong with a later one is found when its turn comes.
  explicit BarTable(std::vector<std::filesystem::path> paths);
  ~BarTable();

  // The next rows; count 0 is the end. Throws BadInput with row and column where a cell is not what its
  // column has to hold.
  const BarRows& next();

  // How many rows there are, where the file says so; else 0.
  std::uint64_t row_count() const;
  // "data.csv:17" or "data.parquet row 17" for a row counted from 0: where a user finds it.
  std::string place_of(std::uint64_t row) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hftsim
