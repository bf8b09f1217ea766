// Writes a table as Parquet (zstd) or CSV from a callback that is asked for the next rows: streamed, in bounded
// memory, however long it gets. The file appears under its name only when it is complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim {

// decimal18: DECIMAL(18,8), decimal20: DECIMAL(20,8); both are given as int64, in units of 1e-8.
enum class ColumnType : std::uint8_t {
  float64,
  float32,
  int64,
  int32,
  timestamp_ns,
  text,
  boolean,
  decimal18,
  decimal20
};

struct TableColumn {
  std::string name;
  ColumnType type;
};

// The rows being asked for: one buffer per column, to be filled from row 0. What is not set is undefined.
class RowBatch {
 public:
  virtual ~RowBatch() = default;

  virtual std::size_t capacity() const = 0;  // rows, 2048
  // The column has to be of that type; timestamp_ns and decimal18 are int64.
  virtual std::span<double> float64(std::size_t column) = 0;
  virtual std::span<float> float32(std::size_t column) = 0;
  virtual std::span<std::int64_t> int64(std::size_t column) = 0;
  virtual std::span<std::int32_t> int32(std::size_t column) = 0;
  virtual std::span<bool> boolean(std::size_t column) = 0;
  virtual void set_decimal20(std::size_t column, std::size_t row, std::int64_t units) = 0;
  virtual void set_text(std::size_t column, std::size_t row, std::string_view text) = 0;
  virtual void set_null(std::size_t column, std::size_t row) = 0;
};

// Fills the first rows of the batch and returns how many; 0 is the end. What it throws reaches the caller of
// write_table as it is.
using RowProducer = std::function<std::size_t(RowBatch&)>;

// Writes `path`, as Parquet or as CSV (with a header) by its ending (table_target.h), and returns the number of
// rows. An existing file is replaced; behind a link the file, not the link. Throws BadInput where the path cannot be
// a table, IoFailure where it cannot be written; then no file of that name is made, and one that was there is left
// as it was.
std::uint64_t write_table(const std::filesystem::path& path, std::vector<TableColumn> columns,
                          RowProducer producer);

// Writes Parquet into the file of exactly that name, with `footer` among its key-value metadata: for a caller who
// renames it himself. Throws IoFailure where it cannot be written; no file is left then.
std::uint64_t write_parquet(const std::filesystem::path& file, std::vector<TableColumn> columns,
                            RowProducer producer, const std::map<std::string, std::string>& footer = {});

}  // namespace hftsim
