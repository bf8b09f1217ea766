// A session as the dashboard shows it: fed by the recorder thread, asked by the dashboard's. Bounded however long the
// session runs (session_state.h); the trading thread never waits for it.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "tools/paper/session_state.h"

namespace hftsim {

// Every function from any thread.
class SessionView final : public SessionWatcher {
 public:
  // Throws BadInput where the initial capital is not > 0.
  explicit SessionView(SessionInfo info);

  void on_block(const Block& block) override;
  void on_journal(std::span<const JournalRecord> records) override;
  void on_marks(std::span<const EquityMark> marks) override;
  void on_status(const LiveStatus& status) override;
  void on_feed(const live::FeedHealth& feed, std::int64_t monotonic_now_ns);  // some times a second
  void on_log(std::int64_t ts_ms, std::string level, std::string text);       // "info", "warning" or "error"

  // JSON for a browser that has just connected.
  std::string snapshot() const;
  // JSON of what changed since the last call, one text for all browsers.
  std::string update();

 private:
  SessionInfo info_;
  mutable std::mutex mutex_;  // of state_
  SessionState state_;
};

}  // namespace hftsim
