// How a CSV file is laid out, told from its first lines, so that DuckDB's reader needs no sniffer: that costs
// ~30 ms and guesses types from a sample, where a wrong cell further down should be named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim {

struct CsvLayout {
  char delimiter = ',';  // or ';', tab, '|'
  bool gzip = false;
  bool header = false;
  std::size_t blank_lines = 0;       // before the header or the first row
  std::vector<std::string> columns;  // the header's names; without a header c0, c1, ...
};

// Throws BadInput that names the path where there is no line, the first one is no CSV, or a .gz is not whole.
CsvLayout read_csv_layout(const std::filesystem::path& path);

// The query that gives `columns` (indices) of every row as text, in the file's order.
std::string csv_query(const std::filesystem::path& path, const CsvLayout& layout,
                      const std::vector<std::size_t>& columns);

// The line number, from 1, at which data row `row`, from 0, begins: blank lines and the header are no rows, and a
// quoted cell may hold newlines. Reads the file up to there; for messages.
std::uint64_t csv_line_of_row(const std::filesystem::path& path, bool header, std::uint64_t row);

}  // namespace hftsim
