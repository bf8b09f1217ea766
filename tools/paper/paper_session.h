// A live session on paper, from its first request to its summary: history to warm up with, the feed, trading, the
// recording, and the end of it all. No order leaves this program: fills are simulated.
//
// Order of the end: the feed stops, what it gave is traded on, the core finishes, recording and journal are closed, the
// summary is written.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/live/live_feed.h"
#include "replay/equity_file.h"
#include "tools/paper/live_run.h"
#include "tools/paper/session_files.h"
#include "tools/paper/session_log.h"
#include "tools/paper/session_tables.h"
#include "tools/paper/session_view.h"
#include "tools/run_config.h"
#include "tools/run_model.h"
#include "tools/run_wiring.h"
#include "tools/summary.h"

namespace hftsim {

struct PaperOptions {
  RunConfig config;  // resolved
  FeedAddress address;
  std::vector<std::string> symbols;
  Duration interval{0};
  std::filesystem::path folder;
  std::filesystem::path cache_root;  // "": history is asked for and not kept
  bool force = false;
  bool pin = false;
  bool is_shown = false;                                              // view() follows it
  std::size_t held_events_most = RecorderOptions().held_events_most;  // while the disk takes nothing
  Duration duration{0};  // of the session, by the clock here; 0: until it is told to stop
  const std::atomic<bool>* cancel = nullptr;  // set by somebody else: the session ends
};

class PaperSession {
 public:
  // A new one: asks for symbols and history, then makes the folder. Throws BadInput before anything is written,
  // IoFailure where the exchange does not answer.
  static std::unique_ptr<PaperSession> begin(PaperOptions options);
  // One that was cut off or ended, from its folder: replays what was recorded, then goes on as after a disconnect. Of
  // the options only `folder`, `pin`, `is_shown`, `held_events_most`, `duration`, `cancel` and what is not "" in `address` count.
  static std::unique_ptr<PaperSession> resume(PaperOptions options);
  ~PaperSession();

  // Runs until told to stop, `duration` is over or something failed. `on_tick` is called ten times a second.
  void run(const std::function<void()>& on_tick);
  // Any thread.
  void request_stop() { stop_.store(true, std::memory_order_relaxed); }
  bool command(SessionMark command);
  LiveStatus status() const { return live_->status(); }
  live::FeedHealth health() const;
  // What a dashboard shows of it; null unless options said so.
  SessionView* view() { return view_.get(); }

  // What came of it, after run(); writes summary.json.
  Json finish();
  // After finish(). Throws what failed in the middle, or at writing the summary.
  void throw_failure() const;

  const SessionFiles& files() const { return *files_; }
  const std::vector<Instrument>& instruments() const { return instruments_; }
  std::filesystem::path recording() const { return files_->recording(options_.address); }

 private:
  explicit PaperSession(PaperOptions options);
  void ask_exchange();
  void settle_config();
  void make_wiring();
  void start_new();
  void start_again();
  void make_log();
  void make_view();
  void make_live_run();
  void check_recording() const;
  void check_journal();
  void connect();
  live::FeedOptions feed_options() const;
  bool is_over() const;
  void watch_recording();
  void keep(bool with_tables, const Json& summary);

  PaperOptions options_;
  std::optional<RunModel> model_;
  std::vector<Instrument> instruments_;
  std::vector<Event> history_;
  std::optional<SessionFiles> files_;
  std::unique_ptr<SessionView> view_;
  std::unique_ptr<SessionLog> log_;
  std::unique_ptr<RunWiring> wiring_;
  std::unique_ptr<Understudy> understudy_;  // of --pin
  std::unique_ptr<EquityMemory> equity_;
  std::unique_ptr<SessionTables> tables_;
  std::unique_ptr<LiveRun> live_;
  live::FeedStart feed_start_;
  std::unique_ptr<live::LiveFeed> feed_;
  std::int64_t started_ns_ = 0;  // monotonic
  std::uint64_t resumed_events_ = 0;
  std::string resume_note_;
  std::string recording_trouble_;  // that the log has
  bool has_told_of_drops_ = false;
  std::exception_ptr failure_;
  std::atomic<bool> stop_{false};
};

}  // namespace hftsim
