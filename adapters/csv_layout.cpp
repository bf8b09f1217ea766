#include "adapters/csv_layout.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "adapters/bar_time.h"
#include "adapters/duckdb_connection.h"
#include "adapters/gzip_file.h"
#include "adapters/parse_number.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

// Lines of a file that may be compressed; zlib hands plain files through.
class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& path) : file_(gzopen(path.c_str(), "rb")) {
    if (file_ == nullptr) throw BadInput(path.string() + ": cannot be opened for reading");
  }
  ~LineReader() { gzclose(file_); }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // One line without its end, at most kLineMax of it; false at the end of the file.
  bool next(std::string& line) {
    line.clear();
    std::array<char, 4096> piece;
    while (gzgets(file_, piece.data(), static_cast<int>(piece.size())) != nullptr) {
      const std::string_view text(piece.data());
      const bool ended = text.ends_with('\n');
      line.append(text, 0, text.size() - (ended ? 1 : 0));
      if (line.ends_with('\r')) line.pop_back();
      if (ended || line.size() > kLineMax) return true;
    }
    return !line.empty();
  }
  bool is_gzip() const { return gzdirect(file_) == 0; }

 private:
  static constexpr std::size_t kLineMax = 65'536;
  gzFile file_;
};

char guess_delimiter(std::string_view line) {
  constexpr std::string_view kDelimiters = ",;\t|";
  return *std::max_element(kDelimiters.begin(), kDelimiters.end(), [line](char a, char b) {
    return std::count(line.begin(), line.end(), a) < std::count(line.begin(), line.end(), b);
  });
}

std::vector<std::string> split(std::string_view line, char delimiter) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

// A header has no cell that reads as a number or a time.
bool is_header(const std::vector<std::string>& fields) {
  return std::none_of(fields.begin(), fields.end(), [](const std::string& field) {
    double number = 0;
    return !field.empty() && (parse_number(field, number) || parse_time(field) != kNoTime);
  });
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

CsvLayout read_csv_layout(const std::filesystem::path& path) {
  LineReader lines(path);
  if (lines.is_gzip()) require_whole_gzip(path);
  std::string line;
  while (lines.next(line) && is_blank(line)) {
  }
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  if (is_blank(line)) throw BadInput(path.string(), "a file without a line", "bars as CSV or Parquet");
  if (line.find('\0') != std::string::npos || line.size() > 60'000) {
    throw BadInput(path.string(), "bytes that are no text", "bars as CSV or Parquet");
  }
  CsvLayout layout;
  layout.delimiter = guess_delimiter(line);
  layout.gzip = lines.is_gzip();
  layout.columns = split(line, layout.delimiter);
  layout.header = is_header(layout.columns);
  if (!layout.header) {
    for (std::size_t i = 0; i < layout.columns.size(); ++i) layout.columns[i] = "c" + std::to_string(i);
  }
  return layout;
}

std::string csv_query(const std::filesystem::path& path, const CsvLayout& layout,
                      const std::vector<std::size_t>& columns) {
  std::string selected, types;
  for (const std::size_t column : columns)
    selected += (selected.empty() ? "c" : ", c") + std::to_string(column);
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    types += (i > 0 ? ", 'c" : "'c") + std::to_string(i) + "': 'VARCHAR'";
  }
  return "SELECT " + selected + " FROM read_csv(" + quote_path(path.string()) +
         ", auto_detect = false, columns = {" + types +
         "}, delim = " + quote_literal({&layout.delimiter, 1}) +
         ", quote = '\"', escape = '\"', header = " + (layout.header ? "true" : "false") +
         ", compression = " + (layout.gzip ? "'gzip'" : "'none'") +
         ", nullstr = '', max_line_size = 65536, buffer_size = 2097152)";
}

std::uint64_t csv_line_of_row(const std::filesystem::path& path, bool header, std::uint64_t row) {
  LineReader lines(path);
  std::string line;
  std::uint64_t wanted = row + (header ? 2 : 1);
  std::uint64_t number = 0;
  while (wanted > 0 && lines.next(line)) {
    ++number;
    if (!is_blank(line)) --wanted;
  }
  return number;
}

}  // namespace hftsim
