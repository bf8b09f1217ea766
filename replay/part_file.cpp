#include "replay/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

[[noreturn]] void fail(const std::filesystem::path& name, int error) {
  throw IoFailure(name.string() + ": cannot be written: " + std::generic_category().message(error));
}

// Between open and lock another process may have finished or removed that file.
bool is_still_named(int descriptor, const std::filesystem::path& path, struct stat& status) {
  struct stat named = {};
  return ::fstat(descriptor, &status) == 0 && ::stat(path.c_str(), &named) == 0 &&
         status.st_dev == named.st_dev && status.st_ino == named.st_ino;
}

// False where another process has it. A file system without locks gives none: there nobody is refused.
bool lock(int descriptor) {
  int result = 0;
  do {
    result = ::flock(descriptor, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0 || errno != EWOULDBLOCK;
}

}  // namespace

PartFile::PartFile(std::filesystem::path name)
    : name_(std::move(name)), part_(name_.string() + ".part"), lock_(-1) {
  for (;;) {
    lock_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0) fail(name_, errno);
    if (!lock(lock_)) {
      ::close(lock_);
      throw BadInput(name_.string(), "a file that another process writes", "a file of its own");
    }
    struct stat status = {};
    const bool is_named = is_still_named(lock_, part_, status);
    if (is_named && status.st_size == 0) return;
    // What is left of a killed process is unlinked, not cut: somebody may have it mapped.
    const int error = is_named && ::unlink(part_.c_str()) != 0 ? errno : 0;
    ::close(lock_);
    if (error != 0) fail(name_, error);
  }
}

PartFile::~PartFile() {
  struct stat status = {};
  if (!is_finished_ && is_still_named(lock_, part_, status)) ::unlink(part_.c_str());
  ::close(lock_);
}

void PartFile::finish() {
  if (::rename(part_.c_str(), name_.c_str()) != 0) fail(name_, errno);
  is_finished_ = true;
}

}  // namespace hftsim
