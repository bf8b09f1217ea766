#include "replay/record_reader.h"

#include <fmt/format.h>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {

std::string RecordTail::describe() const {
  if (complete) return "complete";
  if (lost_bytes == 0) return "cut off after a whole block: its writer did not close it";
  return fmt::format("cut off inside a block: its last {} bytes are lost", lost_bytes);
}

RecordBytesReader::RecordBytesReader(File file, const RecordType& type)
    : file_(std::move(file)), record_size_(type.size_bytes) {
  RecordFileHeader header{};
  const std::size_t got = file_.read_at(0, std::as_writable_bytes(std::span(&header, 1)));
  if (got < sizeof header)
    throw BadInput(file_.name(), fmt::format("{} bytes", got), "a record file, which has 64 at least");
  check_file_header(header, type, file_.name());
  block_capacity_ = header.block_capacity;
  buffer_.resize((std::size_t{block_capacity_} * record_size_ + sizeof(Line) - 1) / sizeof(Line));
}

std::span<const std::byte> RecordBytesReader::next() {
  const RecordBlockHeader header = next_header();
  if (at_end_) return {};
  const std::size_t size = std::size_t{header.count} * record_size_;
  const auto records = std::as_writable_bytes(std::span(buffer_)).first(size);
  const std::size_t got = file_.read_at(position_.offset + sizeof header, records);
  if (got < size) {
    end_at(sizeof header + got, false);
    return {};
  }
  if (crc32c(records) != header.records_crc) refuse("the records' CRC32C is wrong");
  step_over(header);
  return records;
}

void RecordBytesReader::rewind() {
  position_ = {};
  tail_ = {};
  at_end_ = false;
}

std::uint64_t RecordBytesReader::count() {
  rewind();
  const std::uint64_t file_size = file_.size_bytes();
  for (;;) {
    const RecordBlockHeader header = next_header();
    if (at_end_) break;
    const Position before = position_;
    step_over(header);
    if (position_.offset > file_size) {
      position_ = before;
      break;
    }
  }
  const std::uint64_t records = position_.record;
  rewind();
  return records;
}

// Sets at_end_ where no block follows.
RecordBlockHeader RecordBytesReader::next_header() {
  RecordBlockHeader header{};
  if (at_end_) return header;
  const std::size_t got = file_.read_at(position_.offset, std::as_writable_bytes(std::span(&header, 1)));
  if (got < sizeof header) {
    end_at(got, false);
    return header;
  }
  const std::string fault = block_header_fault(header, position_.block, position_.record, block_capacity_);
  if (!fault.empty()) refuse(fault);
  if (header.count == 0) {
    expect_nothing_after_end_mark();
    end_at(0, true);
  }
  return header;
}

void RecordBytesReader::step_over(const RecordBlockHeader& header) {
  position_.offset += sizeof header + std::uint64_t{header.count} * record_size_;
  position_.block += 1;
  position_.record += header.count;
}

void RecordBytesReader::end_at(std::uint64_t lost_bytes, bool complete) {
  tail_ = {.complete = complete, .lost_bytes = lost_bytes};
  at_end_ = true;
}

void RecordBytesReader::expect_nothing_after_end_mark() const {
  std::byte byte;
  if (file_.read_at(position_.offset + sizeof(RecordBlockHeader), std::span(&byte, 1)) > 0)
    refuse("more bytes follow the end mark");
}

void RecordBytesReader::refuse(const std::string& fault) const {
  throw BadInput(fmt::format("{}: block {} at byte {} is damaged: {}", file_.name(), position_.block,
                             position_.offset, fault));
}

}  // namespace hftsim
