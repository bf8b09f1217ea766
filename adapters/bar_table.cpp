#include "adapters/bar_table.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "adapters/bar_cells.h"
#include "adapters/bar_time.h"
#include "adapters/csv_layout.h"
#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "adapters/parse_number.h"
#include "adapters/pinned_file.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kCellBytesShown = 80;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_parquet(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".parquet" || extension == ".pq") require_parquet_magic(path);
  return has_parquet_magic(path);
}

}  // namespace

class BarTable::Impl {
 public:
  explicit Impl(std::vector<std::filesystem::path> paths) : paths_(std::move(paths)) {
    open(0);
    for (std::size_t file = 1; file < paths_.size(); ++file) row_count_ += rows_of(paths_[file]);
  }

  const BarRows& next() {
    first_row_ += rows_.count;
    rows_.count = 0;
    while (!fetch()) {
      if (opened_.size() == paths_.size()) return rows_;
      open(opened_.size());
    }
    rows_.count = result_.rows();
    if (first_row_ == opened_.back().first_row) {
      look_for_days(part(BarColumn::time));
      if (part(BarColumn::close_time).selected) look_for_days(part(BarColumn::close_time));
    }
    read_times(BarColumn::time, open_ns_.data());
    rows_.open = read_numbers(BarColumn::open);
    rows_.high = read_numbers(BarColumn::high);
    rows_.low = read_numbers(BarColumn::low);
    rows_.close = read_numbers(BarColumn::close);
    rows_.volume = read_numbers(BarColumn::volume);
    if (part(BarColumn::trades).selected) rows_.trades = read_numbers(BarColumn::trades);
    if (part(BarColumn::close_time).selected) {
      read_times(BarColumn::close_time, close_ns_.data());
      rows_.close_ns = close_ns_.data();
    }
    return rows_;
  }

  std::uint64_t row_count() const { return row_count_; }

  std::string place_of(std::uint64_t row) const {
    std::size_t file = opened_.size() - 1;
    while (opened_[file].first_row > row) --file;
    const OpenedFile& opened = opened_[file];
    const std::string name = paths_[file].string();
    row -= opened.first_row;
    if (opened.parquet) return name + " row " + std::to_string(row + 1);
    return name + ":" + std::to_string(csv_line_of_row(paths_[file], opened.csv_header, row));
  }

 private:
  struct OpenedFile {
    std::uint64_t first_row = 0;  // among those of all files
    bool parquet = false;
    bool csv_header = false;
  };
  struct Part {
    bool selected = false;
    std::size_t position = 0;  // in the query
    CellKind kind = CellKind::text;
    std::string name;             // the file's
    std::vector<double> scratch;  // where the cells are not doubles, or some are absent
  };

  Part& part(BarColumn column) { return parts_[static_cast<std::size_t>(column)]; }

  void select(BarColumn column, std::size_t position, CellKind kind, const std::string& name) {
    Part& chosen = part(column);
    chosen = {true, position, kind, name, {}};
    chosen.scratch.resize(is_time(column) ? 0 : kBarRowsMax);
  }

  void open(std::size_t file) {
    path_ = paths_[file];
    require_file(path_, "a Parquet or CSV file of bars");
    pinned_.reset();
    parts_ = {};
    rows_ = {};
    rows_.open_ns = open_ns_.data();
    opened_.push_back({first_row_, is_parquet(path_), false});
    opened_.back().parquet ? open_parquet() : open_csv();
  }

  // Of a file whose turn comes later: what is wrong with it is said then.
  std::uint64_t rows_of(const std::filesystem::path& path) {
    try {
      DuckDbConnection connection;  // a query on the other would end the one that runs there
      return has_parquet_magic(path) ? count_parquet_rows(connection, path) : 0;
    } catch (const std::exception&) {
      return 0;
    }
  }

  // Whether the file has further rows.
  bool fetch() {
    try {
      return result_.next();
    } catch (const DuckDbFailure& failure) {
      throw BadInput(path_.string() +
                     ": cannot be read: " + (pinned_ ? pinned_->named(failure.what()) : failure.what()));
    }
  }

  void open_parquet() {
    pinned_.emplace(path_);
    const std::string table = parquet_table(pinned_->path());
    try {
      const std::vector<DuckDbColumn> columns = connection_.describe("SELECT * FROM " + table);
      const std::string query = "SELECT " + select_parquet(columns) + " FROM " + table;
      if (opened_.size() == 1) row_count_ = count_parquet_rows(connection_, pinned_->path());
      result_ = connection_.stream(query);
    } catch (const DuckDbFailure& failure) {
      throw BadInput(path_.string() + ": not a readable Parquet file: " + pinned_->named(failure.what()));
    }
  }

  std::string select_parquet(const std::vector<DuckDbColumn>& columns) {
    std::vector<std::string> names;
    for (const DuckDbColumn& column : columns) names.push_back(column.name);
    const BarColumnMap map = map_bar_columns(names, path_.string());
    std::string list;
    std::size_t position = 0;
    for (std::size_t i = 0; i < kBarColumnCount; ++i) {
      if (!map[i]) continue;
      const DuckDbColumn& column = columns[*map[i]];
      const CellKind kind = cell_kind(BarColumn(i), column, path_.string());
      list += (position > 0 ? ", " : "") + selected(column, kind);
      select(BarColumn(i), position++, kind, column.name);
    }
    return list;
  }

  void open_csv() {
    const CsvLayout layout = read_csv_layout(path_);
    opened_.back().csv_header = layout.header;
    const BarColumnMap map = layout.header ? map_bar_columns(layout.columns, path_.string())
                                           : headerless_bar_columns(layout.columns.size(), path_.string());
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < kBarColumnCount; ++i) {
      if (!map[i]) continue;
      select(BarColumn(i), columns.size(), CellKind::text,
             layout.header ? layout.columns[*map[i]] : std::string(name_of(BarColumn(i))));
      columns.push_back(*map[i]);
    }
    try {
      result_ = connection_.stream(csv_query(path_, layout, columns));
    } catch (const DuckDbFailure& failure) {
      throw BadInput(path_.string() + ": not a readable CSV file: " + failure.what());
    }
  }

  // Dates and a spreadsheet's days would else be read as seconds of 1970: the first rows tell.
  void look_for_days(Part& source) {
    const std::uint64_t* validity = result_.validity(source.position);
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < rows_.count; ++i) {
      if (is_valid(validity, i))
        numbers.push_back(number_before_fraction(source.kind, result_.data(source.position), i));
    }
    switch (numbered_days(numbers)) {
      case NumberedDays::calendar:
        source.kind = date_kind(source.kind);
        break;
      case NumberedDays::serial:
        throw BadInput(place_of(0) + ": column '" + readable_text(source.name) + "'",
                       std::to_string(numbers.front()) + ", a spreadsheet's count of days as it seems",
                       "dates (2024-01-01, 20240101) or an epoch in s, ms, us or ns");
      case NumberedDays::none:
        break;
    }
  }

  // A missing close time is no finding: then the bar counts as closed on its boundary.
  void read_times(BarColumn column, std::int64_t* out_ns) {
    const Part& source = part(column);
    const std::uint64_t* validity = result_.validity(source.position);
    const void* cells = result_.data(source.position);
    if (validity == nullptr) {
      times_of_cells(source.kind, cells, rows_.count, out_ns);
    } else {
      read_times_with_gaps(source, cells, validity, out_ns);
    }
    for (std::size_t i = 0; i < rows_.count; ++i) {
      const bool may_be_absent = column == BarColumn::close_time && !is_valid(validity, i);
      const bool in_range = out_ns[i] >= kTimeMin && out_ns[i] <= kTimeMax;
      if (!in_range && !may_be_absent) refuse(source, i, validity, time_expectation(source.kind));
    }
  }

  void read_times_with_gaps(const Part& source, const void* cells, const std::uint64_t* validity,
                            std::int64_t* out_ns) {
    const std::size_t width = is_text(source.kind)            ? sizeof(duckdb_string_t)
                              : source.kind == CellKind::days ? sizeof(std::int32_t)
                                                              : sizeof(std::int64_t);
    for (std::size_t i = 0; i < rows_.count; ++i) {
      out_ns[i] = kNoTime;
      if (!is_valid(validity, i)) continue;
      times_of_cells(source.kind, static_cast<const std::byte*>(cells) + i * width, 1, out_ns + i);
    }
  }

  const double* read_numbers(BarColumn column) {
    Part& source = part(column);
    const std::uint64_t* validity = result_.validity(source.position);
    const void* cells = result_.data(source.position);
    if (source.kind == CellKind::number && validity == nullptr) return static_cast<const double*>(cells);
    for (std::size_t i = 0; i < rows_.count; ++i) {
      source.scratch[i] = kNaN;
      if (!is_valid(validity, i)) continue;
      if (source.kind == CellKind::number) {
        source.scratch[i] = static_cast<const double*>(cells)[i];
      } else if (!parse_number(text_of(static_cast<const duckdb_string_t*>(cells)[i]), source.scratch[i])) {
        refuse(source, i, validity, "a number");
      }
    }
    return source.scratch.data();
  }

  [[noreturn]] void refuse(const Part& source, std::size_t row, const std::uint64_t* validity,
                           const std::string& expectation) {
    std::string value = "a value out of range";
    if (!is_valid(validity, row)) {
      value = "nothing";
    } else if (is_text(source.kind)) {
      const auto* cells = static_cast<const duckdb_string_t*>(result_.data(source.position));
      value = "'" + readable_text(text_of(cells[row]), kCellBytesShown) + "'";
    }
    throw BadInput(place_of(first_row_ + row) + ": column '" + readable_text(source.name) + "'", value,
                   expectation);
  }

  std::vector<std::filesystem::path> paths_;
  std::vector<OpenedFile> opened_;
  std::filesystem::path path_;  // of the last one opened
  DuckDbConnection connection_;
  std::optional<PinnedFile> pinned_;  // path_ as it was when it was opened, where it is Parquet
  DuckDbResult result_;               // goes before the connection
  std::array<Part, kBarColumnCount> parts_;
  std::vector<std::int64_t> open_ns_ = std::vector<std::int64_t>(kBarRowsMax);
  std::vector<std::int64_t> close_ns_ = std::vector<std::int64_t>(kBarRowsMax);
  BarRows rows_;
  std::uint64_t first_row_ = 0;  // of rows_
  std::uint64_t row_count_ = 0;
};

BarTable::BarTable(const std::filesystem::path& path) : BarTable(std::vector<std::filesystem::path>{path}) {}
BarTable::BarTable(std::vector<std::filesystem::path> paths)
    : impl_(std::make_unique<Impl>(std::move(paths))) {}
BarTable::~BarTable() = default;
const BarRows& BarTable::next() {
  return impl_->next();
}
std::uint64_t BarTable::row_count() const {
  return impl_->row_count();
}
std::string BarTable::place_of(std::uint64_t row) const {
  return impl_->place_of(row);
}

}  // namespace hftsim
