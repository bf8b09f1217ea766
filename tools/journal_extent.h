// How far the journal of a kept run can be read: all of it, or up to where its writer was cut off.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "replay/journal_file.h"

namespace hftsim {

struct JournalExtent {
  std::uint64_t records = 0;
  std::optional<Timestamp> last;  // of the last record that can be read
  RecordTail tail;

  void add(std::span<const JournalRecord> block) {
    records += block.size();
    if (!block.empty()) last = Timestamp(block.back().ts_ns);
  }

  // "126 records up to 2024-01-16 12:31:00 UTC can be read, then it is cut off inside a block: ..."
  std::string describe() const;
};

// Reads the journal to its end; what can be read goes into `hasher` where there is one. Throws BadInput where it is
// no journal or a block is damaged.
JournalExtent extent_of_journal(const std::filesystem::path& path, RunHasher* hasher = nullptr);

}  // namespace hftsim
