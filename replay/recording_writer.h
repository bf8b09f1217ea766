// Writes a recording of market events block by block. A block goes to the operating system whole, so a process
// that is killed loses at most the block that is open; `sync` says when the disk has it too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/units.h"
#include "engine/runtime/event_sink.h"
#include "replay/file.h"
#include "replay/recording_tables.h"

struct ZSTD_CCtx_s;

namespace hftsim {

// When what was written is forced to the disk, so that it survives the machine too: never, every block (about
// as many milliseconds as there are blocks), or once at the end.
enum class SyncPolicy : std::uint8_t { none, block, close };

struct RecordingOptions {
  std::uint32_t block_events = kRecordingBlockEventsDefault;  // 1 to kRecordingBlockEventsMax
  Duration block_span{0};  // a block's events span less than that, by the recording's order; 0: any time
  int zstd_level = 0;      // 1 to 19; 0: stored as they lie in memory, to be read in place
  SyncPolicy sync = SyncPolicy::none;
};

class RecordingWriter final : public EventSink {
 public:
  // A new file: one of that name is unlinked first, never cut, because somebody may have it mapped. Writes the
  // instrument table at once. Throws BadInput for a header that no reader would take, IoFailure.
  RecordingWriter(const std::filesystem::path& path, RecordingHeader header, RecordingOptions options = {});

  // Into a file that is open for writing, and empty.
  RecordingWriter(File file, RecordingHeader header, RecordingOptions options = {});

  // Flushes what is open, but writes no end: a recording that nobody closed was cut off.
  ~RecordingWriter() override;
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  // Throws BadInput for an event that goes back in time, or is of an unknown kind or instrument; nothing of the call
  // is kept then. Throws IoFailure that says what stopped it and how many events the file holds; the file is cut
  // back to its last whole block, and every later call throws again. Allocates nothing but 32 bytes of index per
  // block.
  void append(std::span<const Event> events) override;

  // Further instruments, numbered on: a live session subscribes to more. Closes the open block.
  InstrumentId add_instruments(std::span<const Instrument> instruments);

  void flush();  // closes the open block
  void close();  // flush, then the index; nothing may follow

  // After IoFailure: what was taken and could not be written is tried once more by the next call. A disk may have
  // room again.
  void retry() { error_ = 0; }

  std::uint64_t event_count() const { return written_events_ + open_events_; }
  std::uint64_t open_count() const { return open_events_; }  // of these, those in the open block
  std::uint64_t bytes() const { return good_bytes_; }        // in the file
  const RecordingHeader& header() const { return header_; }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  std::span<Event> room();
  std::size_t fitting(std::span<const Event> events) const;
  void write_header();
  void write_events();
  std::span<const std::byte> packed(RecordingBlockHeader& header);
  void write_table(RecordingBlockType type, std::uint64_t number, std::span<const std::byte> payload);
  void write_end();
  void write(std::span<const std::byte> bytes);
  void force_to_disk();
  [[noreturn]] void fail();

  File file_;
  RecordingHeader header_;
  RecordingOptions options_;
  std::vector<RecordingLine> block_;   // header, prologue, the open block's events
  std::vector<RecordingLine> packed_;  // header, the compressed payload
  std::unique_ptr<ZSTD_CCtx_s, FreeContext> zstd_;
  RecordingIndex index_;
  std::uint32_t open_events_ = 0;
  std::uint64_t written_events_ = 0;  // in whole blocks
  std::uint64_t good_bytes_ = 0;      // the file up to its last whole block
  std::int64_t last_ns_ = INT64_MIN;
  int error_ = 0;
  bool closed_ = false;
};

}  // namespace hftsim
