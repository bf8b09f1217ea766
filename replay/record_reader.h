// Reads a record file block by block with one block's memory. A file that ends inside a block (its writer
// died) is read up to there and says so; a block whose bytes are not what was written is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "replay/file.h"
#include "replay/record_file.h"

namespace hftsim {

// How a file ended; known once the reader has come to its end.
struct RecordTail {
  bool complete = false;         // the end mark was there
  std::uint64_t lost_bytes = 0;  // of a block that was not written to its end

  // "complete", or what is missing, for people.
  std::string describe() const;
};

// Records as bytes; see RecordReader below.
class RecordBytesReader {
 public:
  // Throws BadInput where the file is not a record file of this type.
  RecordBytesReader(File file, const RecordType& type);

  // The next block's records, empty at the end; valid until the next call. Throws BadInput with the block's
  // number and byte offset where it is damaged.
  std::span<const std::byte> next();

  void rewind();

  // Records in whole blocks, from the block headers alone. Leaves the reader at the start. Throws as next().
  std::uint64_t count();

  const RecordTail& tail() const { return tail_; }
  std::uint64_t records_read() const { return position_.record; }

 private:
  struct Position {
    std::uint64_t offset = sizeof(RecordFileHeader);
    std::uint64_t block = 0;
    std::uint64_t record = 0;
  };
  struct alignas(64) Line {
    std::byte bytes[64];
  };

  RecordBlockHeader next_header();
  void step_over(const RecordBlockHeader& header);
  void end_at(std::uint64_t lost_bytes, bool complete);
  void expect_nothing_after_end_mark() const;
  [[noreturn]] void refuse(const std::string& fault) const;

  File file_;
  std::uint32_t record_size_;
  std::uint32_t block_capacity_ = 0;
  std::vector<Line> buffer_;
  Position position_;
  RecordTail tail_;
  bool at_end_ = false;
};

template <class Record>
class RecordReader {
 public:
  explicit RecordReader(File file) : bytes_(std::move(file), record_type<Record>()) {}
  explicit RecordReader(const std::filesystem::path& path) : RecordReader(File::open(path)) {}

  std::span<const Record> next() {
    const auto bytes = bytes_.next();
    return {reinterpret_cast<const Record*>(bytes.data()), bytes.size() / sizeof(Record)};
  }
  void rewind() { bytes_.rewind(); }
  std::uint64_t count() { return bytes_.count(); }

  const RecordTail& tail() const { return bytes_.tail(); }
  std::uint64_t records_read() const { return bytes_.records_read(); }

 private:
  RecordBytesReader bytes_;
};

}  // namespace hftsim
