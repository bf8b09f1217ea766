// The threads of a live session behind its feed: what is put into sink() is traded on, recorded and shown, until
// finish(). It knows no network: a recording or a generator may stand where the feed does.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "engine/bus/agent.h"
#include "tools/paper/session_recorder.h"
#include "tools/paper/trader.h"

namespace hftsim {

struct LiveRunOptions {
  RecorderOptions recorder;
  std::uint32_t feature_count = 0;
  std::uint32_t block_events = 32;  // of the stages in TradingParts, too
  // The trading thread has the last core and spins there; the thread that makes the run, and those it starts, keep off it.
  bool pin = false;
};

class LiveRun {
 public:
  // Makes recording and journal, and starts its threads. All of `parts` outlives it; the journal's sinks are set.
  // Throws IoFailure where a file cannot be made.
  LiveRun(const TradingParts& parts, LiveRunOptions options);
  ~LiveRun();  // finish()es
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  FeedSink& sink() { return line_; }
  // Any thread. False where so many wait already.
  bool command(SessionMark command);
  LiveStatus status() const { return recorder_.status(); }
  // Whether something threw; finish() throws it again.
  bool has_failed() const { return has_failed_.load(std::memory_order_acquire); }

  // From sink()'s thread: returns when everything that it took is traded on and written. Throws IoFailure where the
  // disk does not take it, or something else failed.
  void wait_until_written();

  // After the last take(): the core finishes, everything is written. Throws what a thread threw. Once.
  void finish();

  const std::optional<Halt>& halt() const { return recorder_.halt(); }  // after finish()
  std::uint64_t dropped_events() const { return line_.dropped(); }      // that came after a failure

 private:
  Work record();
  Work trade();

  LiveLine line_;
  JournalLine journal_line_;
  SessionCommands commands_;
  Trader trader_;
  SessionRecorder recorder_;
  std::exception_ptr recorder_failure_;
  std::atomic<bool> has_failed_{false}, stop_trading_{false}, stop_recording_{false};
  bool finished_ = false;
  std::optional<Agent> recording_thread_, trading_thread_;  // last: they end first
};

}  // namespace hftsim
