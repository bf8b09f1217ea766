#include "adapters/binance/capture_file.h"

#include <charconv>

#include "adapters/bar_time.h"
#include "adapters/binance/symbol_table.h"
#include "engine/core/decimal_step.h"
#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

constexpr std::int64_t kEarliestNs = 1'000'000'000'000'000'000;  // 2001: what is below counts no nanoseconds
constexpr const char* kLayouts =
    "'<receive time, ns> <message>', '<seconds>: <message>' or '<URL> -> <seconds>: <body>'";

// The parameter of a URL: "BTCUSDT" of ".../depth?symbol=BTCUSDT&limit=1000"; "" where it has none.
std::string_view symbol_in(std::string_view url) {
  constexpr std::string_view kKey = "symbol=";
  const std::size_t at = url.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = url.substr(at + kKey.size());
  return rest.substr(0, rest.find_first_of("& "));
}

}  // namespace

std::optional<CaptureLine> CaptureFile::next() {
  while (const auto line = reader_.next()) {
    ++counts_.lines;
    if (line->empty()) {
      ++counts_.blank;
    } else if (line->starts_with("ws://") || line->starts_with("wss://")) {
      ++counts_.headers;
    } else {
      return parse(*line);
    }
  }
  return std::nullopt;
}

CaptureLine CaptureFile::parse(std::string_view line) const {
  CaptureLine parsed;
  std::string_view rest = line;
  if (line.starts_with("http")) {
    constexpr std::string_view kArrow = " -> ";
    const std::size_t arrow = line.find(kArrow);
    if (arrow == std::string_view::npos) throw BadInput(place(), quoted(line), kLayouts);
    parsed.symbol = symbol_in(line.substr(0, arrow));
    rest = line.substr(arrow + kArrow.size());
  }
  const std::size_t end = rest.find_first_not_of("0123456789.");
  if (end == 0 || end == std::string_view::npos) throw BadInput(place(), quoted(line), kLayouts);
  const std::string_view time = rest.substr(0, end);
  if (rest[end] == ':') {
    parsed.recv_ns = seconds(time);
  } else {
    const auto [stop, error] = std::from_chars(time.data(), time.data() + time.size(), parsed.recv_ns);
    const bool is_whole = error == std::errc{} && stop == time.data() + time.size();
    if (rest[end] != ' ' || !is_whole || parsed.recv_ns < kEarliestNs)
      throw BadInput(place(), quoted(line), kLayouts);
  }
  if (parsed.recv_ns > kTimeMax) throw BadInput(place(), quoted(time), "a time before 2115");
  parsed.json = rest.substr(end + 1);
  return parsed;
}

std::int64_t CaptureFile::seconds(std::string_view text) const {
  const auto ns = parse_steps(text, {1, 9});
  if (!ns) throw BadInput(place(), quoted(text), "a time in seconds with at most 9 decimals");
  return *ns;
}

CaptureFiles::CaptureFiles(std::span<const std::filesystem::path> paths) : lines_(paths.size()) {
  for (const std::filesystem::path& path : paths) files_.push_back(std::make_unique<CaptureFile>(path));
}

std::optional<CaptureLine> CaptureFiles::next() {
  if (!is_started_) {
    for (std::size_t i = 0; i < files_.size(); ++i) lines_[i] = files_[i]->next();
    is_started_ = true;
  } else {
    lines_[current_] = files_[current_]->next();
  }
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i] && (!first || lines_[i]->recv_ns < lines_[*first]->recv_ns)) first = i;
  }
  if (!first) return std::nullopt;
  current_ = *first;
  return lines_[current_];
}

CaptureLineCounts CaptureFiles::counts() const {
  CaptureLineCounts sum;
  for (const auto& file : files_) {
    sum.lines += file->counts().lines;
    sum.headers += file->counts().headers;
    sum.blank += file->counts().blank;
  }
  return sum;
}

std::uint64_t CaptureFiles::bytes_read() const {
  std::uint64_t sum = 0;
  for (const auto& file : files_) sum += file->file().position();
  return sum;
}

std::uint64_t CaptureFiles::bytes_total() const {
  std::uint64_t sum = 0;
  for (const auto& file : files_) sum += file->file().size_bytes();
  return sum;
}

}  // namespace hftsim::binance
