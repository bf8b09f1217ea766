#include "adapters/table_reader.h"

#include <algorithm>
#include <limits>

#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

struct Selected {
  TableColumn column;
  std::string expression;
};

Selected select_column(const DuckDbColumn& found) {
  const std::string name = quote_identifier(found.name);
  switch (found.type) {
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_DATE:
      return {{found.name, ColumnType::timestamp_ns}, "CAST(" + name + " AS TIMESTAMP_NS)"};
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_DECIMAL:
      return {{found.name, ColumnType::float64}, "CAST(" + name + " AS DOUBLE)"};
    default:
      break;
  }
  if (is_number(found.type)) return {{found.name, ColumnType::int64}, "CAST(" + name + " AS BIGINT)"};
  return {{found.name, ColumnType::text}, "CAST(" + name + " AS VARCHAR)"};
}

const char* name_of(ColumnType type) {
  switch (type) {
    case ColumnType::float64:
    case ColumnType::float32:
    case ColumnType::decimal18:
    case ColumnType::decimal20:
      return "numbers with a fraction";
    case ColumnType::boolean:
      return "true or false";
    case ColumnType::int64:
    case ColumnType::int32:
      return "whole numbers";
    case ColumnType::timestamp_ns:
      return "times";
    case ColumnType::text:
      return "text";
  }
  return "";
}

const DuckDbColumn& find_column(const std::vector<DuckDbColumn>& present, const std::string& name,
                                const std::string& path) {
  std::vector<std::string> names;
  for (const DuckDbColumn& column : present) {
    if (column.name == name) return column;
    names.push_back(column.name);
  }
  throw BadInput(path, "no column '" + name + "'" + did_you_mean(name, names), "a table that has it");
}

std::vector<DuckDbColumn> find_columns(const std::vector<DuckDbColumn>& present,
                                       const std::vector<std::string>& names, const std::string& path) {
  if (names.empty()) return present;
  std::vector<DuckDbColumn> found;
  for (const std::string& name : names) found.push_back(find_column(present, name, path));
  return found;
}

}  // namespace

class TableReader::Impl {
 public:
  Impl(const std::filesystem::path& path, const std::vector<std::string>& names) : path_(path) {
    require_file(path, "a Parquet file");
    require_parquet_magic(path);
    const std::string table = parquet_table(path);
    try {
      std::string list;
      for (const DuckDbColumn& column :
           find_columns(connection_.describe("SELECT * FROM " + table), names, path.string())) {
        const Selected selected = select_column(column);
        columns_.push_back(selected.column);
        list += (list.empty() ? "" : ", ") + selected.expression;
      }
      row_count_ = count_parquet_rows(connection_, path);
      result_ = connection_.stream("SELECT " + list + " FROM " + table);
    } catch (const DuckDbFailure& failure) {
      throw BadInput(path.string() + ": not a readable Parquet file: " + failure.what());
    }
    scratch_.resize(columns_.size());
  }

  bool next() {
    try {
      return result_.next();
    } catch (const DuckDbFailure& failure) {
      throw BadInput(path_.string() + ": cannot be read: " + failure.what());
    }
  }

  std::span<const double> float64(std::size_t column) {
    require(column, columns_[column].type == ColumnType::float64, "numbers with a fraction");
    const auto* cells = static_cast<const double*>(result_.data(column));
    const std::uint64_t* validity = result_.validity(column);
    if (validity == nullptr) return {cells, result_.rows()};
    std::vector<double>& scratch = scratch_[column];
    scratch.assign(cells, cells + result_.rows());
    for (std::size_t row = 0; row < scratch.size(); ++row) {
      if (!is_valid(validity, row)) scratch[row] = std::numeric_limits<double>::quiet_NaN();
    }
    return scratch;
  }

  std::span<const std::int64_t> int64(std::size_t column) const {
    const ColumnType type = columns_[column].type;
    require(column, type == ColumnType::int64 || type == ColumnType::timestamp_ns, "whole numbers or times");
    return {static_cast<const std::int64_t*>(result_.data(column)), result_.rows()};
  }

  std::string_view text(std::size_t column, std::size_t row) const {
    require(column, columns_[column].type == ColumnType::text, "text");
    return is_null(column, row) ? ""
                                : text_of(static_cast<const duckdb_string_t*>(result_.data(column))[row]);
  }

  bool is_null(std::size_t column, std::size_t row) const { return !is_valid(result_.validity(column), row); }

  const std::vector<TableColumn>& columns() const { return columns_; }
  std::uint64_t row_count() const { return row_count_; }
  std::size_t rows() const { return result_.rows(); }

 private:
  void require(std::size_t column, bool fits, const char* expectation) const {
    if (fits) return;
    const TableColumn& found = columns_[column];
    throw BadInput(path_.string() + ": column '" + readable_text(found.name) + "'", name_of(found.type),
                   expectation);
  }

  std::filesystem::path path_;
  DuckDbConnection connection_;
  DuckDbResult result_;  // goes before the connection
  std::vector<TableColumn> columns_;
  std::vector<std::vector<double>> scratch_;  // per column, where there are nulls
  std::uint64_t row_count_ = 0;
};

TableReader::TableReader(const std::filesystem::path& path, const std::vector<std::string>& names)
    : impl_(std::make_unique<Impl>(path, names)) {}
TableReader::~TableReader() = default;
const std::vector<TableColumn>& TableReader::columns() const {
  return impl_->columns();
}
std::uint64_t TableReader::row_count() const {
  return impl_->row_count();
}
bool TableReader::next() {
  return impl_->next();
}
std::size_t TableReader::rows() const {
  return impl_->rows();
}
std::span<const double> TableReader::float64(std::size_t column) {
  return impl_->float64(column);
}
std::span<const std::int64_t> TableReader::int64(std::size_t column) const {
  return impl_->int64(column);
}
std::string_view TableReader::text(std::size_t column, std::size_t row) const {
  return impl_->text(column, row);
}
bool TableReader::is_null(std::size_t column, std::size_t row) const {
  return impl_->is_null(column, row);
}

}  // namespace hftsim
