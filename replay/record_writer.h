// Writes a record file block by block. What has been flushed is whole: a process that is killed loses at most
// the block that is open. (A machine that loses power may lose more: nothing is forced to the disk.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "replay/file.h"
#include "replay/record_file.h"

namespace hftsim {

// Records as bytes; see RecordWriter below.
class RecordBytesWriter {
 public:
  // Writes the file header at once. `block_bytes`: of records, at least one record, at most kBlockBytesMax.
  RecordBytesWriter(File file, const RecordType& type, std::uint32_t block_bytes = kBlockBytesDefault);

  // Flushes what is open, but writes no end mark: a file that nobody closed was cut off.
  ~RecordBytesWriter();
  RecordBytesWriter(const RecordBytesWriter&) = delete;
  RecordBytesWriter& operator=(const RecordBytesWriter&) = delete;

  // Whole records. Allocates nothing. Throws IoFailure that says what stopped it and how many records the
  // file holds; the file is cut back to its last whole block, and every later call throws again.
  void append(std::span<const std::byte> records);
  void flush();  // closes the open block
  void close();  // flush, then the end mark; nothing may follow

  // After IoFailure: what was taken and could not be written is tried once more by the next call. A disk may have
  // room again.
  void retry() { error_ = 0; }

  std::uint64_t record_count() const { return written_count_ + open_count(); }
  std::uint64_t open_count() const {
    return open_bytes_ / record_size_;
  }  // of these, those in the open block
  const File& file() const { return file_; }

 private:
  void write_block();
  void write(std::span<const std::byte> bytes);
  [[noreturn]] void fail();

  File file_;
  std::uint32_t record_size_;
  std::uint32_t block_bytes_;
  std::vector<std::byte> buffer_;  // header, then the open block's records
  std::size_t open_bytes_ = 0;
  std::uint64_t block_count_ = 0;
  std::uint64_t written_count_ = 0;  // records in whole blocks
  std::uint64_t good_bytes_ = 0;     // the file up to its last whole block
  int error_ = 0;
  bool closed_ = false;
};

template <class Record>
class RecordWriter {
 public:
  explicit RecordWriter(File file, std::uint32_t block_bytes = kBlockBytesDefault)
      : bytes_(std::move(file), record_type<Record>(), block_bytes) {}
  explicit RecordWriter(const std::filesystem::path& path, std::uint32_t block_bytes = kBlockBytesDefault)
      : RecordWriter(File::create(path), block_bytes) {}

  void append(std::span<const Record> records) { bytes_.append(std::as_bytes(records)); }
  void append(const Record& record) { append(std::span(&record, 1)); }
  void flush() { bytes_.flush(); }
  void close() { bytes_.close(); }
  void retry() { bytes_.retry(); }

  std::uint64_t record_count() const { return bytes_.record_count(); }
  std::uint64_t open_count() const { return bytes_.open_count(); }
  const File& file() const { return bytes_.file(); }

 private:
  RecordBytesWriter bytes_;
};

}  // namespace hftsim
