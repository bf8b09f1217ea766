#include "tools/paper/session_recorder.h"

#include <algorithm>
#include <utility>

#include "adapters/live/session_marks.h"
#include "engine/core/clock.h"
#include "tools/paper/session_files.h"

namespace hftsim {
namespace {

constexpr std::size_t kHeldRecordsMost = std::size_t{1} << 20;

// Messages call a part by the name that it will have.
File new_file(const std::filesystem::path& name, bool as_part) {
  File file = File::create_new(as_part ? part_of(name) : name);
  file.set_name(name.string());
  return file;
}

}  // namespace

SessionRecorder::SessionRecorder(LiveLine& line, JournalLine& journal, RecorderOptions options)
    : line_(line),
      journal_line_(journal),
      options_(std::move(options)),
      recording_(new_file(options_.recording, options_.as_parts), options_.header),
      journal_(new_file(options_.journal, options_.as_parts)),
      patient_recording_(recording_, options_.held_events_most),
      patient_journal_(journal_, kHeldRecordsMost) {
  now_.recording.file = options_.recording.string();
  published_ = now_;
}

Work SessionRecorder::work() {
  const std::int64_t now_ns = monotonic_ns();
  const std::optional<BlockHandle> handle = line_.next_traded();
  if (handle) {
    Block& block = line_[*handle];
    record(block, line_.times(*handle), now_ns);
    const bool last = block.last;
    line_.give_back(*handle);
    if (last) {
      close();
      return Work::finished;
    }
  }
  keep_up(now_ns);
  return handle ? Work::done_some : Work::found_none;
}

// What was decided on a block is in the journal's line before the block comes here.
void SessionRecorder::record(Block& block, const StageTimes& times, std::int64_t now_ns) {
  patient_recording_.append(block.events, now_ns);
  for (const Event& event : block.events) count(event);
  latency_.add(block.stamps, times);
  for (SessionWatcher* const watcher : options_.watchers) watcher->on_block(block);
  take_journal();
}

void SessionRecorder::count(const Event& event) {
  ++now_.events;
  now_.now_ns = std::max(now_.now_ns, event.ts_ns);
  if (event.kind == EventKind::session_mark && is_command(event.session.mark))
    now_.state = event.session.mark;
  const bool is_bar = event.kind == EventKind::bar, is_trade = event.kind == EventKind::trade;
  now_.bars += is_bar ? 1 : 0;
  now_.trades += is_trade ? 1 : 0;
  now_.quotes += event.kind == EventKind::quote ? 1 : 0;
  now_.book_changes += event.kind == EventKind::book_change ? 1 : 0;
  now_.late += (is_bar || is_trade) && event.has(kLate) ? 1 : 0;
  last_event_ = event;
}

void SessionRecorder::take_journal() {
  journal_line_.drain([this](std::span<const JournalRecord> records) { halt_.write(records); },
                      [this](std::span<const EquityMark> marks) { keep(marks); });
}

void SessionRecorder::keep(std::span<const JournalRecord> records) {
  patient_journal_.append(records, monotonic_ns());
  for (const JournalRecord& record : records) {
    const bool is_report = record.kind == JournalKind::report;
    now_.signals += record.kind == JournalKind::signal ? 1 : 0;
    now_.orders += record.kind == JournalKind::order ? 1 : 0;
    now_.refusals += record.kind == JournalKind::refusal ? 1 : 0;
    now_.fills += is_report && static_cast<ReportKind>(record.detail) == ReportKind::filled ? 1 : 0;
  }
  for (SessionWatcher* const watcher : options_.watchers) watcher->on_journal(records);
}

void SessionRecorder::keep(std::span<const EquityMark> marks) {
  now_.equity = marks.back().equity;
  if (options_.equity != nullptr) options_.equity->append(marks);
  for (SessionWatcher* const watcher : options_.watchers) watcher->on_marks(marks);
}

void SessionRecorder::keep_up(std::int64_t now_ns) {
  if (now_ns >= flush_at_ns_) {
    take_journal();
    flush(now_ns);
    flush_at_ns_ = now_ns + kFlushNs;
  }
  if (now_ns >= status_at_ns_) {
    publish();
    status_at_ns_ = now_ns + kStatusNs;
  }
}

// A failing recording holds the journal back, too: it would know more.
void SessionRecorder::flush(std::int64_t now_ns) {
  const std::uint64_t events = now_.events;
  if (!patient_recording_.flush(now_ns)) return;
  mark_gap(now_ns);
  if (!patient_journal_.flush(now_ns)) return;
  flushed_events_.store(events, std::memory_order_release);  // pairs with flushed_events()
}

// Where events were dropped while the disk was full, the recording says so.
void SessionRecorder::mark_gap(std::int64_t now_ns) {
  const std::uint64_t missing = patient_recording_.dropped() - dropped_marked_;
  if (missing == 0) return;
  Event gap = live::make_gap(EventKind::session_mark, 0, last_event_.ts_ns, 0, 0, missing);
  gap.recv_ns = last_event_.recv_ns;
  dropped_marked_ += missing;
  ++marks_made_;
  patient_recording_.append(std::span(&gap, 1), now_ns);
}

void SessionRecorder::publish() {
  RecordingStatus& recording = now_.recording;
  recording.trouble = patient_recording_.trouble();
  recording.held = patient_recording_.held();
  recording.events = now_.events + marks_made_ - patient_recording_.dropped();
  recording.bytes = recording_.bytes();
  recording.dropped = patient_recording_.dropped();
  recording.failures = patient_recording_.failures();
  recording.journal_dropped = patient_journal_.dropped();
  recording.journal_trouble = patient_journal_.trouble();
  now_.latency = latency_.lines();
  now_.line_waits = line_.waits();
  now_.journal_waits = journal_line_.waits();
  {
    const std::lock_guard lock(mutex_);
    published_ = now_;
  }
  for (SessionWatcher* const watcher : options_.watchers) watcher->on_status(now_);
}

LiveStatus SessionRecorder::status() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

void SessionRecorder::close() {
  const std::int64_t now_ns = monotonic_ns();
  take_journal();
  if (patient_recording_.flush(INT64_MAX)) mark_gap(now_ns);
  patient_recording_.close(now_ns);
  patient_journal_.close(now_ns);
  flushed_events_.store(now_.events, std::memory_order_release);
  publish();
}

}  // namespace hftsim
