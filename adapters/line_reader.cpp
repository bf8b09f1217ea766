#include "adapters/line_reader.h"

#include <algorithm>
#include <cstring>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;

}  // namespace

LineReader::LineReader(const std::filesystem::path& path, std::size_t line_bytes_max)
    : file_(path), line_bytes_max_(line_bytes_max), buffer_(kBufferBytes + kLinePadding) {}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = 0;
  for (;;) {
    const char* const start = buffer_.data() + begin_;
    const void* const found = std::memchr(start + searched, '\n', end_ - begin_ - searched);
    if (found != nullptr) return take(static_cast<std::size_t>(static_cast<const char*>(found) - start), 1);
    searched = end_ - begin_;
    if (!read_more()) break;
  }
  if (begin_ == end_) return std::nullopt;
  return take(end_ - begin_, 0);
}

std::string_view LineReader::take(std::size_t size, std::size_t ending) {
  ++number_;
  std::string_view line(buffer_.data() + begin_, size);
  begin_ += size + ending;
  if (ending > 0 && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// False at the end of the file.
bool LineReader::read_more() {
  const std::size_t kept = end_ - begin_;
  if (kept > line_bytes_max_) {
    throw BadInput(file_.name() + ":" + std::to_string(number_ + 1),
                   "a line of more than " + std::to_string(line_bytes_max_) + " bytes", "a shorter one");
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  begin_ = 0;
  end_ = kept;
  if (2 * kept > buffer_.size()) buffer_.resize(2 * buffer_.size());
  end_ += file_.read(std::span(buffer_).subspan(end_, buffer_.size() - kLinePadding - end_));
  return end_ > kept;
}

}  // namespace hftsim
