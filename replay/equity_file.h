// Equity marks outside memory: written while the run goes, read back from the start as often as wanted.
#pragma once

#include <optional>
#include <vector>

#include "engine/portfolio/equity_series.h"
#include "replay/record_reader.h"
#include "replay/record_writer.h"

namespace hftsim {

template <>
struct RecordName<EquityMark> {
  static constexpr std::string_view kName = "EquityMark";
  static constexpr std::uint32_t kVersion = 1;
};

class EquityFile final : public EquitySink {
 public:
  // Throws IoFailure where the file cannot be made; so do append and close on a full disk (RecordWriter).
  explicit EquityFile(const std::filesystem::path& path) : writer_(path) {}

  void append(std::span<const EquityMark> marks) override { writer_.append(marks); }
  void flush() { writer_.flush(); }
  void close() { writer_.close(); }

 private:
  RecordWriter<EquityMark> writer_;
};

// Holds one block in memory. next() throws BadInput at a damaged block; a torn tail is left out, see tail().
class EquityFileSeries final : public EquitySeries {
 public:
  explicit EquityFileSeries(File file) : reader_(std::move(file)), size_(reader_.count()) {}
  explicit EquityFileSeries(const std::filesystem::path& path) : EquityFileSeries(File::open(path)) {}

  std::uint64_t size() const override { return size_; }
  void rewind() override { reader_.rewind(); }
  std::span<const EquityMark> next() override { return reader_.next(); }
  const RecordTail& tail() const { return reader_.tail(); }

 private:
  RecordReader<EquityMark> reader_;
  std::uint64_t size_;
};

// Both ends in one. Up to `marks_in_memory` stay in memory; where more come, all go to a temporary file without
// a name. Both are there from construction on, so that appending allocates nothing. Append first, then read: appending after a read puts the series back
// to its start.
class EquityMemory final : public EquitySink, public EquitySeries {
 public:
  static constexpr std::size_t kMarksInMemoryDefault = 128 * 1024;  // 4 MiB

  explicit EquityMemory(std::size_t marks_in_memory = kMarksInMemoryDefault,
                        std::filesystem::path spill_folder = std::filesystem::temp_directory_path());

  // Throws IoFailure where the temporary file cannot be made or written.
  void append(std::span<const EquityMark> marks) override;

  std::uint64_t size() const override { return size_; }
  void rewind() override;
  std::span<const EquityMark> next() override;

  bool spilled() const { return spilled_; }

 private:
  void spill();

  std::size_t memory_limit_;
  std::filesystem::path spill_folder_;
  std::vector<EquityMark> marks_;
  std::optional<RecordWriter<EquityMark>> writer_;
  std::optional<RecordReader<EquityMark>> reader_;
  std::uint64_t size_ = 0;
  bool spilled_ = false;
  bool read_ = false;  // memory: its one chunk was handed out
};

}  // namespace hftsim
