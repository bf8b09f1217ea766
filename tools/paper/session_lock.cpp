#include "tools/paper/session_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

// What the process that has the lock wrote.
std::string owner(int descriptor) {
  std::array<char, 16> digits{};
  const ssize_t size = ::pread(descriptor, digits.data(), digits.size(), 0);
  return size > 0 ? "process " + std::string(digits.data(), static_cast<std::size_t>(size))
                  : "another process";
}

// A disk that does not take it leaves the name out of a message, nothing else.
void write_owner(int descriptor) {
  const std::string digits = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, digits.data(), digits.size(), 0);
}

}  // namespace

SessionLock::SessionLock(const std::filesystem::path& folder, LockFile file)
    : descriptor_(::open((folder / "lock").c_str(),
                         O_RDWR | O_CLOEXEC | O_NOFOLLOW | (file == LockFile::made ? O_CREAT : 0), 0666)) {
  if (descriptor_ < 0) return;
  const bool is_ours = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  if (is_ours) write_owner(descriptor_);
  if (is_ours || errno != EWOULDBLOCK) return;  // any other error: a file system without locks
  const std::string who = owner(descriptor_);
  ::close(descriptor_);
  throw BadInput(folder.string(), "a session that " + who + " runs",
                 "a folder of its own, or that process to end first");
}

SessionLock::~SessionLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace hftsim
