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

#include "replay/mapped_file.h"
#include "replay/recording_blocks.h"

struct ZSTD_DCtx_s;

namespace hftsim {

enum class RecordingAccess : std::uint8_t { mapped, copied };

struct RecordingReaderOptions {
  RecordingAccess access = RecordingAccess::mapped;
  bool check_crc = true;  // off: to measure what it costs; the events are checked all the same
  bool use_index = true;  // off: the blocks are found one by one, as where there is no index
};

class RecordingReader {
 public:
  // Throws BadInput where it is no recording, or its header or index is damaged.
  explicit RecordingReader(const std::filesystem::path& path, RecordingReaderOptions options = {});

  const RecordingHeader& header() const { return blocks_.header(); }
  EventOrder order() const { return header().order; }
  const std::string& name() const { return blocks_.file().name(); }
  std::uint64_t file_bytes() const { return blocks_.file_bytes(); }

  // Of whole blocks; blocks that are damaged inside count.
  std::uint64_t event_count() const { return blocks_.event_count(); }
  std::span<const RecordingIndexEntry> blocks() const { return blocks_.entries(); }
  std::uint32_t events_in_block(std::size_t block) const { return blocks_.events_in(block); }
  // How a block is stored. Throws as next().
  RecordingBlockHeader block_header(std::size_t block) const { return blocks_.header_of(block); }
  // Of each kind; none where the recording was not closed.
  std::optional<std::array<std::uint64_t, kEventKindCount>> kind_counts() const {
    return blocks_.kind_counts();
  }
  const RecordTail& tail() const { return blocks_.tail(); }

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

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  static constexpr std::size_t kNoBlock = SIZE_MAX;

  void load(std::size_t block);
  void check_events(std::size_t block) const;
  std::span<const std::byte> payload_of(const RecordingBlockHeader& header, std::size_t block);
  std::span<const std::byte> stored_of(const RecordingBlockHeader& header, std::size_t block);
  void let_go_behind(std::size_t block);
  std::size_t block_of(std::uint64_t event) const;

  RecordingBlocks blocks_;
  RecordingReaderOptions options_;
  MappedFile map_;
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
