// The recorder thread of a live session: writes what was received and decided, in that order, to the disk at least every
// 50 ms, counts where the time went, and shows all of it to whoever watches.
//
// The recording is flushed before the journal, so that a journal on the disk never knows of a decision whose events are
// not there. A disk that is full stops neither: PatientWriter.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <vector>

#include "engine/bus/agent.h"
#include "replay/journal_file.h"
#include "replay/recording_writer.h"
#include "tools/halt_watch.h"
#include "tools/paper/journal_line.h"
#include "tools/paper/live_line.h"
#include "tools/paper/live_status.h"
#include "tools/paper/patient_writer.h"

namespace hftsim {

struct RecorderOptions {
  std::filesystem::path recording, journal;
  bool as_parts = false;  // written as NAME.part, for somebody else to give them their names
  RecordingHeader header;
  std::size_t held_events_most = std::size_t{1} << 20;  // 64 MiB, while the disk takes nothing
  EquitySink* equity = nullptr;                         // may be null
  std::vector<SessionWatcher*> watchers = {};
};

class SessionRecorder {
 public:
  // Makes both files. Throws IoFailure.
  SessionRecorder(LiveLine& line, JournalLine& journal, RecorderOptions options);

  // The thread's work; finished once the last block is written.
  Work work();

  // Any thread. Events that the operating system has, with everything that was decided on them.
  std::uint64_t flushed_events() const { return flushed_events_.load(std::memory_order_acquire); }
  LiveStatus status() const;

  // After work() finished.
  const std::optional<Halt>& halt() const { return halt_.halt(); }

 private:
  static constexpr std::int64_t kFlushNs = 50'000'000, kStatusNs = 200'000'000;

  // Where the watch on halts passes records on to.
  struct JournalEnd final : JournalSink {
    explicit JournalEnd(SessionRecorder& owner) : recorder(owner) {}
    void write(std::span<const JournalRecord> records) override { recorder.keep(records); }
    SessionRecorder& recorder;
  };

  void record(Block& block, const StageTimes& times, std::int64_t now_ns);
  void count(const Event& event);
  void take_journal();
  void keep(std::span<const JournalRecord> records);
  void keep(std::span<const EquityMark> marks);
  void keep_up(std::int64_t now_ns);
  void flush(std::int64_t now_ns);
  void mark_gap(std::int64_t now_ns);
  void publish();
  void close();

  LiveLine& line_;
  JournalLine& journal_line_;
  RecorderOptions options_;
  RecordingWriter recording_;
  RecordWriter<JournalRecord> journal_;
  PatientWriter<RecordingWriter, Event> patient_recording_;
  PatientWriter<RecordWriter<JournalRecord>, JournalRecord> patient_journal_;
  JournalEnd journal_end_{*this};
  HaltWatch halt_{&journal_end_};
  LatencyTable latency_;
  LiveStatus now_;  // being counted
  Event last_event_{};
  std::uint64_t dropped_marked_ = 0, marks_made_ = 0;
  std::int64_t flush_at_ns_ = 0, status_at_ns_ = 0;
  std::atomic<std::uint64_t> flushed_events_{0};

  mutable std::mutex mutex_;  // of published_
  LiveStatus published_;
};

}  // namespace hftsim
