// A file that appears under its name when it is complete: until then it is NAME.part, and where it does not become
// complete it goes.
//
// Two processes that write the same name would share that file, so it is locked from the first byte to the last: the
// second one is refused. A lock ends with its process; what a killed one left behind is replaced.
#pragma once

#include <filesystem>

namespace hftsim {

class PartFile {
 public:
  // Makes NAME.part, empty. Throws BadInput where another process writes that name, IoFailure where it cannot be made.
  explicit PartFile(std::filesystem::path name);
  // Removes what was not finished.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // To be opened and written as it is: another file of that name would not be locked.
  const std::filesystem::path& path() const { return part_; }

  // Gives it its name, over an old one. Throws IoFailure.
  void finish();

 private:
  std::filesystem::path name_, part_;
  int lock_;
  bool is_finished_ = false;
};

}  // namespace hftsim
