// Which version of a file a name stands for: others replace the files of a cache by renaming, and what is read in several
// steps has to be of one of them.
#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>

namespace hftsim {

struct FileVersion {
  std::uint64_t device, inode, bytes;
  std::int64_t modified_ns, changed_ns;

  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

// None where it is not there.
std::optional<FileVersion> version_of(const std::filesystem::path& file);

// What read() gives of one version of the file: what it gives, or throws, while the file was replaced is forgotten, and
// it is called again.
template <class Read>
auto read_one_version(const std::filesystem::path& file, const Read& read) {
  for (;;) {
    const std::optional<FileVersion> before = version_of(file);
    try {
      auto result = read();
      if (version_of(file) == before) return result;
    } catch (const std::exception&) {
      if (version_of(file) == before) throw;
    }
  }
}

}  // namespace hftsim
