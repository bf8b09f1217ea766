// Where the blocks of a recording are, what it says of itself, and how it ended: from its index where its writer closed
// it, otherwise by walking from block to block. What is read is copied from the file, so that one that is cut
// meanwhile does no harm here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "replay/file.h"
#include "replay/record_reader.h"
#include "replay/recording_tables.h"

namespace hftsim {

// Whether a file begins as a recording does. False where it cannot be read.
bool is_recording(const std::filesystem::path& path);

class RecordingBlocks {
 public:
  // Throws BadInput where it is no recording, or its header or index is damaged. `use_index`: false walks in any case.
  RecordingBlocks(File file, bool use_index);

  const File& file() const { return file_; }
  std::uint64_t file_bytes() const { return size_; }  // when it was opened
  const RecordingHeader& header() const { return header_; }

  // Of whole events blocks.
  std::span<const RecordingIndexEntry> entries() const { return index_.entries; }
  std::uint64_t event_count() const { return event_count_; }
  std::uint32_t events_in(std::size_t block) const;
  // Of each kind; none where there was no index.
  std::optional<std::array<std::uint64_t, kEventKindCount>> kind_counts() const;

  const RecordTail& tail() const { return tail_; }
  // Where the walk ended at a damaged block: what is wrong with it; else "".
  const std::string& damage() const { return damage_; }

  // The header of an events block. Throws BadInput where it is not the one that was found there.
  RecordingBlockHeader header_of(std::size_t block) const;
  // Throws BadInput where the file was cut before that byte since it was opened, or at all.
  void require_whole(std::uint64_t end) const;
  // Throws BadInput that says the block by number and byte.
  [[noreturn]] void refuse_block(std::size_t block, const std::string& fault) const;

 private:
  void read_file_header();
  std::uint64_t read_index();
  void check_index(const RecordingBlockHeader& header, std::uint64_t offset, const RecordingTrailer& trailer);
  void read_headers(std::uint64_t index_offset);
  void walk();
  bool step(std::uint64_t& offset);
  bool end_at(std::uint64_t offset);
  bool end_at_index(const RecordingBlockHeader& header, std::uint64_t offset);
  bool end_at_damage(const RecordingBlockHeader& header, std::uint64_t offset, const std::string& fault);
  std::string fault_of_next(const RecordingBlockHeader& header) const;
  void take_header(const RecordingBlockHeader& header, std::uint64_t offset);
  std::vector<std::byte> table_at(const RecordingBlockHeader& header, std::uint64_t offset) const;
  RecordingBlockHeader header_at(std::uint64_t offset) const;
  [[noreturn]] void refuse(RecordingBlockType type, std::uint64_t number, std::uint64_t offset,
                           const std::string& fault) const;

  File file_;
  bool use_index_;
  std::uint64_t size_;
  RecordingHeader header_;
  RecordingIndex index_;
  bool has_index_ = false;
  std::uint64_t event_count_ = 0;
  RecordTail tail_;
  std::string damage_;
};

}  // namespace hftsim
