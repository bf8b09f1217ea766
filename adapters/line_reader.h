// Lines of a text file, plain, .gz or .zst (compressed_file.h), one after the other in memory that is bounded by the
// longest line allowed. Behind every line kLinePadding more bytes may be read, as simdjson wants it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/compressed_file.h"

namespace hftsim {

inline constexpr std::size_t kLinePadding = 64;

class LineReader {
 public:
  // Throws BadInput where the file cannot be opened.
  explicit LineReader(const std::filesystem::path& path, std::size_t line_bytes_max = std::size_t{64} << 20);

  // The next line without its end (\n or \r\n), empty ones too; holds until the next call. None at the end. Throws BadInput
  // with the place where a line is longer than allowed or the file is damaged or cut off; allocates only for longer lines
  // than before.
  std::optional<std::string_view> next();

  std::uint64_t number() const { return number_; }  // of the line given last, from 1
  std::string place() const { return file_.name() + ":" + std::to_string(number_); }
  const CompressedFile& file() const { return file_; }

 private:
  bool read_more();
  std::string_view take(std::size_t size, std::size_t ending);

  CompressedFile file_;
  std::size_t line_bytes_max_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of the buffer: read, not given
  std::uint64_t number_ = 0;
};

}  // namespace hftsim
