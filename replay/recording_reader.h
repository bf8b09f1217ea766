// Reads a recording of market events (.hfr) in place: the file is mapped, its index read, and events are handed out
// where they lie. A recording that its writer did not close is read up to its last whole block and says so
// (tail()); a block whose bytes are not what was written is refused by number and byte offset when it is come to.
//
// Whatever the bytes, nothing outside the file is read, and every event given is of a known kind, of an instrument in
// the table, and not before the one before it. The file may grow meanwhile: what comes later is not seen. It may
// not be cut: that is noticed at the next block, and within a block ends the process (mapped_file.h);
// RecordingAccess::copied reads without a mapping and only reports it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "replay/file.h"
#include "replay/mapped_file.h"
#include "replay/record_reader.h"
#include "replay/recording_tables.h"

struct ZSTD_DCtx_s;

namespace hftsim {

enum class RecordingAccess : std::uint8_t { mapped, copied };

struct RecordingReaderOptions {
  RecordingAccess access = RecordingAccess::mapped;
  bool check_crc = true;  // off: to measure what it costs; the events are checked all the same
  bool use_index = true;  // off: the blocks are found one by one, as where there is no index
};

// Whether a file begins as a recording does. False where it cannot be read.
bool is_recording(const std::filesystem::path& path);

class RecordingReader {
 public:
  // Throws BadInput where it is no recording, or its header or index is damaged.
  explicit RecordingReader(const std::filesystem::path& path, RecordingReaderOptions options = {});

  const RecordingHeader& header() const { return header_; }
  EventOrder order() const { return header_.order; }
  const std::string& name() const { return file_.name(); }
  std::uint64_t file_bytes() const { return size_; }

  // Of whole blocks; blocks that are damaged inside count.
  std::uint64_t event_count() const { return event_count_; }
  std::span<const RecordingIndexEntry> blocks() const { return index_.entries; }
  std::uint32_t events_in_block(std::size_t block) const;
  // Of each kind; none where the recording was not closed.
  std::optional<std::array<std::uint64_t, kEventKindCount>> kind_counts() const;
  bool has_index() const { return has_index_; }
  const RecordTail& tail() const { return tail_; }

  // The next events, at most `most` and of one block; empty at the end. Whether they lie in the file's mapping, and
  // so stay until the reader goes, or only until the next call: in_place(). Allocates nothing. Throws BadInput
  // where a block is damaged, and then does so again.
  std::span<const Event> next(std::size_t most = SIZE_MAX);
  bool in_place() const { return in_place_; }

  // How many events there are before that time, by the recording's order: O(log n), one block is read. Throws as
  // next().
  std::uint64_t lower_bound(std::int64_t ns);

  // next() goes on with that event, from 0. seek(ns): with the first that is not before that time.
  void seek_event(std::uint64_t number);
  void seek(std::int64_t ns) { seek_event(lower_bound(ns)); }
  std::uint64_t position() const { return position_; }  // of the event that comes next

  // How a block is stored. Throws as next().
  RecordingBlockHeader block_header(std::size_t block) const;

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  static constexpr std::size_t kNoBlock = SIZE_MAX;

  void read_file_header();
  bool read_index();
  void check_index(const RecordingBlockHeader& header, std::uint64_t offset, const RecordingTrailer& trailer);
  void read_headers();
  void walk();
  bool step(std::uint64_t& offset);
  std::string fault_of_next(const RecordingBlockHeader& header) const;
  void end_at(std::uint64_t offset, std::uint64_t lost_bytes);
  void take_header(const RecordingBlockHeader& header, std::uint64_t offset);
  std::vector<std::byte> table_at(const RecordingBlockHeader& header, std::uint64_t offset) const;
  RecordingBlockHeader header_at(std::uint64_t offset) const;

  void load(std::size_t block);
  std::span<const std::byte> payload_of(const RecordingBlockHeader& header, std::size_t block);
  std::span<const std::byte> stored_of(const RecordingBlockHeader& header, std::size_t block);
  void require_whole(std::uint64_t end) const;
  void let_go_behind(std::size_t block);
  std::size_t block_of(std::uint64_t event) const;
  [[noreturn]] void refuse(RecordingBlockType type, std::uint64_t number, std::uint64_t offset,
                           const std::string& fault) const;

  File file_;
  RecordingReaderOptions options_;
  std::uint64_t size_ = 0;  // of the file when it was opened
  MappedFile map_;
  RecordingHeader header_;
  RecordingIndex index_;
  bool has_index_ = false;
  std::uint64_t event_count_ = 0;
  std::uint64_t end_offset_ = 0;  // behind the last whole block
  RecordTail tail_;
  std::string damage_;  // where the blocks end in a damaged one: what is wrong

  std::unique_ptr<ZSTD_DCtx_s, FreeContext> zstd_;
  std::vector<RecordingLine> stored_;  // a block's payload where it is read with copies
  std::vector<RecordingLine> raw_;     // a block's payload where it was compressed
  std::span<const Event> events_;      // of the loaded block
  std::size_t loaded_ = kNoBlock;
  bool in_place_ = false;
  std::uint64_t position_ = 0;
  std::uint64_t let_go_until_ = 0;
};

}  // namespace hftsim
