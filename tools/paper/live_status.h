// How a live session stands, as its recorder thread sees it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/block.h"
#include "engine/portfolio/equity_series.h"
#include "engine/runtime/journal.h"
#include "tools/paper/stage_times.h"

namespace hftsim {

// What becomes of the recording. Trading goes on whatever the disk says.
struct RecordingStatus {
  std::string file;
  std::string trouble;         // why it cannot be written now; "" where it can
  std::uint64_t events = 0;    // in it, or on their way into it
  std::uint64_t bytes = 0;     // in the file
  std::uint64_t held = 0;      // events that wait for the disk, in memory
  std::uint64_t dropped = 0;   // events that are missing in it: it does not replay to the session's decisions
  std::uint64_t failures = 0;  // times that it began to fail
  std::uint64_t journal_dropped = 0;  // journal records that are missing in the journal's file
  std::string journal_trouble = {};   // as trouble

  bool is_ok() const { return is_whole() && journal_trouble.empty() && journal_dropped == 0; }
  // Whether the recording holds everything, or will.
  bool is_whole() const { return trouble.empty() && dropped == 0; }
};

struct LiveStatus {
  std::int64_t now_ns = 0;                  // the session's clock; 0 before the first event
  SessionMark state = SessionMark::resume;  // resume: trading; pause; flatten
  std::uint64_t events = 0, bars = 0, trades = 0, quotes = 0, book_changes = 0, late = 0;
  std::uint64_t signals = 0, orders = 0, fills = 0, refusals = 0;
  double equity = 0;  // at the last mark; 0: none yet
  RecordingStatus recording;
  std::vector<LatencyLine> latency;
  std::uint64_t line_waits = 0;     // of the network thread, for a free block
  std::uint64_t journal_waits = 0;  // of the trading thread, for the recorder
};

// Whoever wants to see a session as it goes. Called on the recorder thread.
class SessionWatcher {
 public:
  virtual ~SessionWatcher() = default;
  virtual void on_block(const Block& block) = 0;
  virtual void on_journal(std::span<const JournalRecord> records) = 0;
  virtual void on_marks(std::span<const EquityMark> marks) = 0;
  virtual void on_status(const LiveStatus& status) = 0;  // some times a second
};

}  // namespace hftsim
