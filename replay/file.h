// An open file: whole writes, positioned reads, errors that name the path. Memory use is the caller's buffer;
// nothing is mapped (mapped_file.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace hftsim {

class File {
 public:
  // For writing, emptied where it exists. Throws IoFailure. A program that may run under RLIMIT_FSIZE has to
  // ignore SIGXFSZ, or the signal ends it before the error can be reported.
  static File create(const std::filesystem::path& path);

  // For writing, a file of its own: one of that name is unlinked, not emptied, so that whoever has it open or mapped
  // keeps it as it is; behind a link the file, not the link. Devices are opened as create() does. Throws IoFailure.
  static File create_new(const std::filesystem::path& path);

  // For reading. Throws BadInput where there is no such regular file, or it may not be read.
  static File open(const std::filesystem::path& path);

  // For both, without a name: its space is free again as soon as it is closed, however the process ends.
  // Throws IoFailure.
  static File temporary(const std::filesystem::path& folder = std::filesystem::temp_directory_path());

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // The same open file once more; write position shared, read_at independent of it.
  File duplicate() const;

  // Appends all of `bytes`. Returns 0, or the errno of what stopped it (part of it may be in the file).
  [[nodiscard]] int write_all(std::span<const std::byte> bytes);

  // Reads up to out.size() bytes at `offset`; fewer only at the end of the file. Throws IoFailure.
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const;

  // Cuts the file and the write position back to `size`; does nothing where the file cannot be cut.
  void cut_to(std::uint64_t size) noexcept;

  // Has the disk keep what was written. Returns 0, or the errno; 0 where there is no disk behind it.
  [[nodiscard]] int sync();

  std::uint64_t size_bytes() const;
  int descriptor() const { return fd_; }
  const std::string& name() const { return name_; }  // in messages: its path, or what it was called
  void set_name(std::string name) { name_ = std::move(name); }

 private:
  File(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  int fd_;
  std::string name_;
};

}  // namespace hftsim
