#include "replay/equity_file.h"

#include <utility>

#include "engine/core/errors.h"

namespace hftsim {

EquityMemory::EquityMemory(std::size_t marks_in_memory, std::filesystem::path spill_folder)
    : memory_limit_(marks_in_memory), spill_folder_(std::move(spill_folder)) {
  marks_.reserve(memory_limit_);
  try {
    writer_.emplace(File::temporary(spill_folder_));
  } catch (const IoFailure&) {
    // most runs never need it; spill() tries again and then says why not
  }
}

void EquityMemory::append(std::span<const EquityMark> marks) {
  rewind();
  if (!spilled() && marks_.size() + marks.size() > memory_limit_) spill();
  if (spilled()) {
    writer_->append(marks);
  } else {
    marks_.insert(marks_.end(), marks.begin(), marks.end());
  }
  size_ += marks.size();
}

void EquityMemory::spill() {
  if (!writer_) writer_.emplace(File::temporary(spill_folder_));
  spilled_ = true;
  writer_->append(marks_);
  std::vector<EquityMark>().swap(marks_);
}

void EquityMemory::rewind() {
  read_ = false;
  reader_.reset();
}

std::span<const EquityMark> EquityMemory::next() {
  if (!spilled()) return std::exchange(read_, true) ? std::span<const EquityMark>() : std::span(marks_);
  if (!reader_) {
    writer_->flush();
    reader_.emplace(writer_->file().duplicate());
  }
  return reader_->next();
}

}  // namespace hftsim
