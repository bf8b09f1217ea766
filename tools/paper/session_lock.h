// One process at a time in a session's folder: a lock on DIR/lock (flock) that ends with its process, however that ends. The
// file says which process has it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace hftsim {

enum class LockFile : std::uint8_t { made, found };

class SessionLock {
 public:
  // Where the file is only to be found and is not there, or the file system has no locks, nothing is locked. Throws
  // BadInput that names the process where another one has it.
  SessionLock(const std::filesystem::path& folder, LockFile file);
  ~SessionLock();
  SessionLock(const SessionLock&) = delete;
  SessionLock& operator=(const SessionLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace hftsim
