// The lines of a capture of Binance messages, as they were received. Three layouts, told line by line; .gz and .zst too:
//
//   <receive time, ns> <message>                 websocket messages, and REST depth bodies between them
//   <receive time, s.fraction>: <message>        the same; the first line names the streams: wss://... <-> <time>
//   <URL> -> <receive time, s.fraction>: <body>  REST answers; the URL names the symbol
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/line_reader.h"

namespace hftsim::binance {

struct CaptureLine {
  std::int64_t recv_ns = 0;
  std::string_view json;
  std::string_view symbol;  // of a REST body whose URL names it, as it is written there
};

struct CaptureLineCounts {
  std::uint64_t lines = 0;
  std::uint64_t headers = 0;  // that name the streams
  std::uint64_t blank = 0;
};

class CaptureFile {
 public:
  explicit CaptureFile(const std::filesystem::path& path) : reader_(path) {}

  // The next line that has a message; holds until the next call. None at the end. Throws BadInput with file and line
  // where it is of none of the layouts, is too long, or the file is damaged.
  std::optional<CaptureLine> next();

  std::string place() const { return reader_.place(); }
  const CaptureLineCounts& counts() const { return counts_; }
  const CompressedFile& file() const { return reader_.file(); }

 private:
  CaptureLine parse(std::string_view line) const;
  std::int64_t seconds(std::string_view text) const;

  LineReader reader_;
  CaptureLineCounts counts_;
};

// Several of them as one, in the order of receipt: websocket messages and REST bodies that were kept apart.
class CaptureFiles {
 public:
  explicit CaptureFiles(std::span<const std::filesystem::path> paths);

  // As CaptureFile's; of equal times, the file that was named first comes first.
  std::optional<CaptureLine> next();

  std::string place() const { return files_[current_]->place(); }
  CaptureLineCounts counts() const;
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  std::vector<std::unique_ptr<CaptureFile>> files_;
  std::vector<std::optional<CaptureLine>> lines_;  // the next one of each
  std::size_t current_ = 0;                        // the file of the line given last
  bool is_started_ = false;
};

}  // namespace hftsim::binance
