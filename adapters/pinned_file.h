// One version of a file whose name others replace by renaming: what was opened stays readable under path(), however
// often it is opened again there, and whatever has the name meanwhile.
#pragma once

#include <filesystem>
#include <string>

namespace hftsim {

class PinnedFile {
 public:
  // Throws BadInput where the file cannot be opened. Does not wait for a pipe.
  explicit PinnedFile(const std::filesystem::path& file);
  ~PinnedFile();
  PinnedFile(const PinnedFile&) = delete;
  PinnedFile& operator=(const PinnedFile&) = delete;

  // Of this process only, while the object lives.
  std::filesystem::path path() const;

  // A message about path() as one about the file that was asked for.
  std::string named(std::string message) const;

 private:
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace hftsim
