// The journal of a run as a record file.
#pragma once

#include "engine/runtime/journal.h"
#include "replay/record_reader.h"
#include "replay/record_writer.h"

namespace hftsim {

template <>
struct RecordName<JournalRecord> {
  static constexpr std::string_view kName = "JournalRecord";
  static constexpr std::uint32_t kVersion = 1;
};

class JournalFile final : public JournalSink {
 public:
  // Throws IoFailure where the file cannot be made; so do write and close on a full disk (RecordWriter).
  explicit JournalFile(const std::filesystem::path& path) : writer_(path) {}

  void write(std::span<const JournalRecord> records) override { writer_.append(records); }
  void flush() { writer_.flush(); }
  void close() { writer_.close(); }
  void retry() { writer_.retry(); }
  std::uint64_t record_count() const { return writer_.record_count(); }

 private:
  RecordWriter<JournalRecord> writer_;
};

using JournalFileReader = RecordReader<JournalRecord>;

}  // namespace hftsim
