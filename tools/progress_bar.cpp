#include "tools/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "engine/core/clock.h"

namespace hftsim {
namespace {

constexpr std::int64_t kFirstNs = 1'000'000'000;
constexpr std::int64_t kStepNs = 100'000'000;
constexpr const char* kClearLine = "\r\x1b[2K";

}  // namespace

std::string short_time(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole % 3600 / 60);
}

std::string short_count(double count) {
  constexpr const char* kSuffixes[] = {"", " k", " M", " G"};
  std::size_t suffix = 0;
  while (count >= 1000 && suffix < 3) {
    count /= 1000;
    ++suffix;
  }
  return suffix == 0 ? fmt::format("{:.0f}", count) : fmt::format("{:.1f}{}", count, kSuffixes[suffix]);
}

ProgressBar::ProgressBar(std::string what, std::string unit, std::uint64_t total)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      start_ns_(monotonic_ns()),
      next_ns_(start_ns_ + kFirstNs) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs(kClearLine, stderr);
}

void ProgressBar::update(std::uint64_t done) {
  if (!on_terminal_) return;
  const std::int64_t now_ns = monotonic_ns();
  if (now_ns < next_ns_) return;
  next_ns_ = now_ns + kStepNs;
  draw(done, static_cast<double>(now_ns - start_ns_) * 1e-9);
}

void ProgressBar::draw(std::uint64_t done, double seconds) {
  const double rate = static_cast<double>(done) / seconds;
  std::string line;
  if (total_ > 0) {
    constexpr std::size_t kWidth = 30;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    const auto filled = static_cast<std::size_t>(share * kWidth);
    const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
    line = fmt::format("{} [{}{}] {:3.0f} %  {} {}/s  {} left", what_, std::string(filled, '#'),
                       std::string(kWidth - filled, '.'), share * 100, short_count(rate), unit_,
                       short_time(left));
  } else {
    line = fmt::format("{} {} {}  {} {}/s", what_, short_count(static_cast<double>(done)), unit_,
                       short_count(rate), unit_);
  }
  std::fputs((kClearLine + line).c_str(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace hftsim
