// Reads a Parquet file of our own back (equity.parquet, trades.parquet, features), a chunk of columns at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/parquet_writer.h"

namespace hftsim {

class TableReader {
 public:
  // `names`: the columns wanted, in that order; empty: all of the file. Throws BadInput that names the path where
  // it is missing, no readable Parquet, or lacks a column (with the nearest).
  explicit TableReader(const std::filesystem::path& path, const std::vector<std::string>& names = {});
  ~TableReader();

  // Numbers come as float64 (float32 is widened) or int64, times as timestamp_ns, all else as text.
  const std::vector<TableColumn>& columns() const;
  std::uint64_t row_count() const;  // of the whole file

  // The next rows; false at the end. Throws BadInput where the file is damaged.
  bool next();
  std::size_t rows() const;  // of this chunk, up to 2048

  // The cells of column `column` (an index into columns()) of this chunk; valid until next(). A timestamp_ns is
  // int64. A null is NaN in float64, undefined in int64, "" in text. Throw BadInput with file and column where the
  // column is of another type.
  std::span<const double> float64(std::size_t column);
  std::span<const std::int64_t> int64(std::size_t column) const;
  std::string_view text(std::size_t column, std::size_t row) const;
  bool is_null(std::size_t column, std::size_t row) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hftsim
