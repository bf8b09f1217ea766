// One saver at a time per cache: a lock on ROOT/.lock (flock) that ends with the process, however it ends. Readers
// need none.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace hftsim {

// Told once, before waiting.
using CacheNotice = std::function<void(const std::string& message)>;

class CacheLock {
 public:
  // Makes the root where it is missing, and waits where another process has the lock. Throws BadInput where the root
  // cannot be made or written.
  explicit CacheLock(const std::filesystem::path& root, const CacheNotice& on_wait = {});
  ~CacheLock();
  CacheLock(const CacheLock&) = delete;
  CacheLock& operator=(const CacheLock&) = delete;

 private:
  int descriptor_;
};

// Throws BadInput where the root plainly cannot be made or written, and makes nothing: to find out before the first save.
void require_writable_root(const std::filesystem::path& root);

// Does something under the lock where it is free at once and the root can be written; else nothing. Throws what
// `action` throws.
void if_lock_is_free(const std::filesystem::path& root, const std::function<void()>& action);

}  // namespace hftsim
