#include "replay/record_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <system_error>

#include "engine/core/errors.h"

namespace hftsim {

RecordBytesWriter::RecordBytesWriter(File file, const RecordType& type, std::uint32_t block_bytes)
    : file_(std::move(file)),
      record_size_(type.size_bytes),
      block_bytes_(std::min(block_bytes, kBlockBytesMax) / record_size_ * record_size_),
      buffer_(sizeof(RecordBlockHeader) + block_bytes_) {
  assert(block_bytes_ > 0);
  const RecordFileHeader header = make_file_header(type, block_bytes_ / record_size_);
  write(std::as_bytes(std::span(&header, 1)));
}

RecordBytesWriter::~RecordBytesWriter() {
  if (error_ != 0 || closed_) return;
  try {
    flush();
  } catch (const IoFailure&) {
    // Whoever wants to hear of it calls close().
  }
}

void RecordBytesWriter::append(std::span<const std::byte> records) {
  assert(records.size() % record_size_ == 0 && !closed_);
  if (error_ != 0) fail();
  while (!records.empty()) {
    const std::size_t taken = std::min(records.size(), block_bytes_ - open_bytes_);
    std::memcpy(buffer_.data() + sizeof(RecordBlockHeader) + open_bytes_, records.data(), taken);
    open_bytes_ += taken;
    records = records.subspan(taken);
    if (open_bytes_ == block_bytes_) write_block();
  }
}

void RecordBytesWriter::flush() {
  if (error_ != 0) fail();
  if (open_bytes_ > 0) write_block();
}

void RecordBytesWriter::close() {
  if (closed_) return;
  flush();
  write_block();
  closed_ = true;
}

// With nothing open this is the end mark.
void RecordBytesWriter::write_block() {
  const auto block = std::span(buffer_).first(sizeof(RecordBlockHeader) + open_bytes_);
  const RecordBlockHeader header =
      make_block_header(block_count_, written_count_, block.subspan(sizeof(RecordBlockHeader)), record_size_);
  std::memcpy(block.data(), &header, sizeof header);
  write(block);
  written_count_ += header.count;
  open_bytes_ = 0;
  ++block_count_;
}

void RecordBytesWriter::write(std::span<const std::byte> bytes) {
  error_ = file_.write_all(bytes);
  if (error_ != 0) {
    file_.cut_to(good_bytes_);
    fail();
  }
  good_bytes_ += bytes.size();
}

void RecordBytesWriter::fail() {
  throw IoFailure(fmt::format("{}: cannot write: {}; the {} records written before ({} bytes) can be read",
                              file_.name(), std::generic_category().message(error_), written_count_,
                              good_bytes_));
}

}  // namespace hftsim
