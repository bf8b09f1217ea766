// The bytes of a file as they were before gzip or zstd, or as they are: what is told by how the file begins, not by its
// name. A file that was cut off, is damaged, or goes on behind its compressed data is refused when that place is come
// to, never taken for a shorter one; what was read before it was right (both formats carry checksums, zstd's optional).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "replay/file.h"

namespace hftsim {

enum class Compression : std::uint8_t { none, gzip, zstd };

class CompressedFile {
 public:
  // Throws BadInput where there is no such regular file, or it may not be read.
  explicit CompressedFile(const std::filesystem::path& path);
  // The same where it has to be of that format.
  CompressedFile(const std::filesystem::path& path, Compression compression);
  ~CompressedFile();
  CompressedFile(const CompressedFile&) = delete;
  CompressedFile& operator=(const CompressedFile&) = delete;

  // The next bytes, as many as there is room for; fewer, or 0, only at the end. Throws BadInput naming the path and how
  // far it could be read, IoFailure.
  std::size_t read(std::span<char> out);

  Compression compression() const { return compression_; }
  const std::string& name() const { return file_.name(); }
  std::uint64_t size_bytes() const { return size_bytes_; }              // as it lies on the disk
  std::uint64_t position() const { return next_byte_ - left_.size(); }  // there; for progress bars

  class Unpacker;

 private:
  std::size_t read_some(std::span<char> out);
  void refill();
  [[noreturn]] void refuse(const std::string& found) const;

  File file_;
  std::uint64_t size_bytes_;
  std::uint64_t next_byte_ = 0;    // of the file, to be read into packed_
  std::uint64_t given_bytes_ = 0;  // unpacked
  std::vector<std::byte> packed_;
  std::span<const std::byte> left_;  // of packed_
  Compression compression_;
  std::unique_ptr<Unpacker> unpacker_;  // none where the file is not compressed
};

}  // namespace hftsim
