#include "adapters/cache/cache_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr const char* kLockFile = ".lock";

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw BadInput(path.string() + ": the cache cannot be written: " + why +
                 "; another folder is given with --cache or HFTSIM_CACHE");
}

std::string error_text() {
  return std::generic_category().message(errno);
}

int lock(int descriptor, int operation) {
  int result = 0;
  do {
    result = ::flock(descriptor, operation);
  } while (result != 0 && errno == EINTR);
  return result;
}

}  // namespace

CacheLock::CacheLock(const std::filesystem::path& root, const CacheNotice& on_wait) : descriptor_(-1) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) refuse(root, error.message());
  const std::filesystem::path file = root / kLockFile;
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor_ < 0) refuse(root, error_text());
  if (lock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) {
    if (on_wait) on_wait(root.string() + ": another process saves to the cache; waiting for it");
    if (lock(descriptor_, LOCK_EX) == 0) return;
  }
  const std::string why = error_text();
  ::close(descriptor_);
  throw IoFailure(file.string() + ": cannot be locked: " + why);
}

CacheLock::~CacheLock() {
  ::close(descriptor_);
}

void require_writable_root(const std::filesystem::path& root) {
  std::error_code error;
  std::filesystem::path there = root;
  while (!std::filesystem::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  if (!std::filesystem::is_directory(there, error)) refuse(root, there.string() + " is no folder");
  if (::access(there.c_str(), W_OK) != 0) refuse(root, error_text());
}

void if_lock_is_free(const std::filesystem::path& root, const std::function<void()>& action) {
  const int descriptor = ::open((root / kLockFile).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return;
  const std::unique_ptr<const int, void (*)(const int*)> closed(&descriptor,
                                                                [](const int* open) { ::close(*open); });
  if (lock(descriptor, LOCK_EX | LOCK_NB) == 0) action();
}

}  // namespace hftsim
