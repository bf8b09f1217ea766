#include "adapters/csv_layout.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "adapters/bar_columns.h"
#include "adapters/bar_time.h"
#include "adapters/duckdb_connection.h"
#include "adapters/gzip_file.h"
#include "adapters/parse_number.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr const char* kBars = "bars as CSV or Parquet";
constexpr std::size_t kHeaderMax = 60'000;
constexpr std::size_t kLineMax = 65'536;  // DuckDB is told the same

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
    bool any = false;
    while (begin_ < end_ || refill()) {
      any = true;
      const char* const from = piece_.data() + begin_;
      const auto* const newline = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
      const std::size_t size = newline == nullptr ? end_ - begin_ : static_cast<std::size_t>(newline - from);
      line.append(from, std::min(size, kLineMax - line.size()));
      begin_ += size + (newline == nullptr ? 0 : 1);
      if (newline != nullptr) break;
    }
    ended_in_cr_ = line.ends_with('\r');
    if (ended_in_cr_) line.pop_back();
    return any;
  }
  bool ended_in_cr() const { return ended_in_cr_; }
  bool is_gzip() const { return gzdirect(file_) == 0; }

 private:
  bool refill() {
    const int count = gzread(file_, piece_.data(), static_cast<unsigned>(piece_.size()));
    begin_ = 0;
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    return end_ > 0;
  }

  gzFile file_;
  std::array<char, 4096> piece_;
  bool ended_in_cr_ = false;
  std::size_t begin_ = 0, end_ = 0;  // what of piece_ is still to come
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

// A header has no cell that reads as a number or a time, or it names a bar's parts all the same.
bool is_header(const std::vector<std::string>& fields) {
  constexpr std::size_t kPartsNamed = 4;  // more than any row of data has
  if (count_bar_columns(fields) >= kPartsNamed) return true;
  return std::none_of(fields.begin(), fields.end(), [](const std::string& field) {
    double number = 0;
    return !field.empty() && (parse_number(field, number) || parse_time(field) != kNoTime);
  });
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

// Takes the mark off the first line. Windows programs write UTF-16, whose every other byte is 0 in plain text, with
// a mark of its own or without.
void take_byte_order_mark(std::string& line, const std::filesystem::path& path) {
  const auto zero = [&line](std::size_t i) {
    return line.size() > i && line[i] == '\0';
  };
  const bool is_utf16 = line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF") ||
                        (zero(0) != zero(1) && zero(0) == zero(2) && zero(1) == zero(3));
  if (is_utf16) throw BadInput(path.string(), "UTF-16 text", "bars as CSV in UTF-8, or Parquet");
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
}

// The first line that is not blank, and how many are before it.
std::string first_line(LineReader& lines, const std::filesystem::path& path, std::size_t& blank_lines) {
  std::string line;
  bool blank_ended_in_cr = false;
  while (lines.next(line)) {
    if (blank_lines == 0) take_byte_order_mark(line, path);
    if (!is_blank(line)) break;
    ++blank_lines;
    blank_ended_in_cr |= lines.ended_in_cr();
  }
  if (is_blank(line)) throw BadInput(path.string(), "a file without a line", kBars);
  if (blank_ended_in_cr) {  // DuckDB's reader cannot begin so
    throw BadInput(path.string(), "blank lines that end in CR LF at its beginning", "the header in line 1");
  }
  if (line.find('\0') != std::string::npos || line.size() > kHeaderMax) {
    throw BadInput(path.string(), "bytes that are no text", kBars);
  }
  return line;
}

// Whether the quotes of a line leave a cell open, which then goes on in the next line.
bool ends_in_quotes(std::string_view line, bool begins_in_quotes) {
  return (std::count(line.begin(), line.end(), '"') % 2 != 0) != begins_in_quotes;
}

}  // namespace

CsvLayout read_csv_layout(const std::filesystem::path& path) {
  LineReader lines(path);
  if (lines.is_gzip()) require_whole_gzip(path);
  CsvLayout layout;
  const std::string line = first_line(lines, path, layout.blank_lines);
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
         ", skip = " + std::to_string(layout.blank_lines) +
         ", compression = " + (layout.gzip ? "'gzip'" : "'none'") +
         ", nullstr = '', max_line_size = " + std::to_string(kLineMax) + ", buffer_size = 2097152)";
}

std::uint64_t csv_line_of_row(const std::filesystem::path& path, bool header, std::uint64_t row) {
  LineReader lines(path);
  std::string line;
  std::uint64_t wanted = row + (header ? 2 : 1);
  std::uint64_t number = 0;
  std::uint64_t first_line = 0;  // of the row
  bool quoted = false;
  while (wanted > 0 && lines.next(line)) {
    ++number;
    if (!quoted && is_blank(line)) continue;
    if (!quoted) {
      first_line = number;
      --wanted;
    }
    quoted = ends_in_quotes(line, quoted);
  }
  return first_line;
}

}  // namespace hftsim
