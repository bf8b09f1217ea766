// A file's bytes in memory, read where they lie. Addresses stay what they are; pages that were read can be let go
// of, and come back from the file when they are touched again.
//
// Promised: nothing beyond the size that the file had when it was mapped is touched. A file that another program
// cuts while it is read has no bytes behind its new end: touching them ends the process with SIGBUS, which is why
// whoever reads asks for the file's size before every block (RecordingReader), and why RecordingWriter never
// cuts a file that it did not make. Where files are cut under their readers, read with copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "replay/file.h"

namespace hftsim {

class MappedFile {
 public:
  MappedFile() = default;

  // The first `size` bytes of it, for reading from front to back. Throws IoFailure.
  MappedFile(const File& file, std::uint64_t size);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

  // Whole pages of [from, to) leave this process's memory; what they hold does not change.
  void let_go(std::uint64_t from, std::uint64_t to) const noexcept;

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hftsim
