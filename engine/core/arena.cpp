#include "engine/core/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "engine/core/errors.h"

namespace hftsim {

Arena::Arena(std::size_t size_bytes, ArenaOptions options) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  size_ = round_up(size_bytes > 0 ? size_bytes : 1, page);
  void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  base_ = static_cast<std::byte*>(mapped);
  if (options.huge_pages) madvise(base_, size_, MADV_HUGEPAGE);  // a hint: refusal costs speed only
  if (options.lock && mlock(base_, size_) != 0) {
    munmap(base_, size_);
    throw IoFailure("cannot lock " + std::to_string(size_) +
                    " bytes of memory: raise RLIMIT_MEMLOCK (ulimit -l) or run without locking");
  }
  for (std::size_t i = 0; i < size_; i += page) base_[i] = std::byte{0};
}

Arena::~Arena() {
  munmap(base_, size_);
}

void* Arena::take(std::size_t bytes) {
  const std::size_t needed = round_up(bytes, kAlignment);
  if (needed > size_ - used_) throw std::bad_alloc();
  void* taken = base_ + used_;
  used_ += needed;
  return taken;
}

}  // namespace hftsim
