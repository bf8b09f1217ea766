#include "tools/paper/status_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "engine/core/clock.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

constexpr std::int64_t kStepNs = 200'000'000;

std::string state_text(SessionMark state) {
  return state == SessionMark::pause ? "PAUSED, " : state == SessionMark::flatten ? "FLATTENED, " : "";
}

std::string feed_text(const live::FeedHealth& feed, std::int64_t now_ns) {
  if (!feed.connected) return "not connected" + (feed.last_trouble.empty() ? "" : ": " + feed.last_trouble);
  if (feed.last_message_ns == 0) return "connected";
  return fmt::format("last message {:.1f} s ago", static_cast<double>(now_ns - feed.last_message_ns) * 1e-9);
}

std::string recording_text(const RecordingStatus& recording) {
  if (recording.is_ok()) return "";
  if (recording.dropped > 0)
    return fmt::format("  RECORDING NOT WHOLE: {} events are missing{}{}", recording.dropped,
                       recording.trouble.empty() ? "" : ": ", recording.trouble);
  return "  RECORDING: " + (recording.trouble.empty() ? recording.journal_trouble : recording.trouble);
}

}  // namespace

std::string status_text(const LiveStatus& status, const live::FeedHealth& feed,
                        std::int64_t monotonic_now_ns) {
  const std::string time = status.now_ns == 0 ? "--" : format_utc(Timestamp(status.now_ns)).substr(0, 19);
  std::string text =
      fmt::format("{}  {}{} bars, {} trades, {} orders, {} fills", time, state_text(status.state),
                  status.bars, short_count(static_cast<double>(status.trades)), status.orders, status.fills);
  if (status.equity != 0) text += fmt::format(", equity {:.2f}", status.equity);
  text += "  " + feed_text(feed, monotonic_now_ns);
  return text + recording_text(status.recording);
}

StatusLine::StatusLine() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

StatusLine::~StatusLine() {
  if (drawn_) std::fputs("\r\x1b[2K", stderr);
}

void StatusLine::update(const LiveStatus& status, const live::FeedHealth& feed) {
  if (!on_terminal_) return;
  const std::int64_t now_ns = monotonic_ns();
  if (now_ns < next_ns_) return;
  next_ns_ = now_ns + kStepNs;
  drawn_ = true;
  fmt::print(stderr, "\r\x1b[2K{}", status_text(status, feed, now_ns));
  std::fflush(stderr);
}

}  // namespace hftsim
