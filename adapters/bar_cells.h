// The cells of a column of bars as DuckDB gives them, and the times they mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/bar_columns.h"
#include "adapters/duckdb_connection.h"

namespace hftsim {

// How the cells of a selected column lie in memory and what they mean.
enum class CellKind {
  number,
  text,
  epoch,
  epoch_real,
  time_s,
  time_ms,
  time_us,
  time_ns,
  days,
  date_text,  // 20240101: what text, epoch or epoch_real turn out to be
  date_whole,
  date_real
};

bool is_time(BarColumn column);
bool is_text(CellKind kind);

// How a column of that type is read as that part of a bar. Throws BadInput naming `path` and the column where it
// holds neither times nor numbers nor text.
CellKind cell_kind(BarColumn column, const DuckDbColumn& found, const std::string& path);

// The same cells where they turn out to hold dates as numbers.
CellKind date_kind(CellKind kind);

// The column in a query, cast so that its cells lie in memory as the kind says.
std::string selected(const DuckDbColumn& column, CellKind kind);

// What a cell has to be, for messages.
const char* time_expectation(CellKind kind);

// A cell of a column of numbers; kNoTime where it is no whole number, or the column is of another kind.
std::int64_t whole_number(CellKind kind, const void* cells, std::size_t row);

// The same where there may be a fraction: what stands before it.
std::int64_t number_before_fraction(CellKind kind, const void* cells, std::size_t row);

// The times of the first `count` cells, as nanoseconds; kNoTime for one that is none.
void times_of_cells(CellKind kind, const void* cells, std::size_t count, std::int64_t* out_ns);

}  // namespace hftsim
