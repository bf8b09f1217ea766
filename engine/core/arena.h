// One region of memory for everything the run touches event by event: mapped, touched and optionally locked
// before the run, so that the steady state neither allocates nor faults.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>

namespace hftsim {

struct ArenaOptions {
  bool huge_pages = true;  // ask for transparent huge pages; silently normal pages where there are none
  bool lock = false;       // mlock; failure throws IoFailure that names RLIMIT_MEMLOCK
};

class Arena {
 public:
  // Maps and touches `size_bytes` (rounded up to a page). Throws std::bad_alloc where that fails.
  explicit Arena(std::size_t size_bytes, ArenaOptions options = {});
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `count` zeroed objects on a 64-byte boundary. Throws std::bad_alloc when the arena is full.
  template <class T>
  std::span<T> allocate(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (count > size_ / sizeof(T)) throw std::bad_alloc();
    return {static_cast<T*>(take(count * sizeof(T))), count};
  }

  std::size_t used_bytes() const { return used_; }
  std::size_t size_bytes() const { return size_; }

  // What `count` objects of T take, alignment included; for adding up an arena's size beforehand.
  template <class T>
  static constexpr std::size_t bytes_for(std::size_t count) {
    return round_up(count * sizeof(T), kAlignment);
  }

 private:
  static constexpr std::size_t kAlignment = 64;
  static constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }
  void* take(std::size_t bytes);

  std::byte* base_ = nullptr;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
};

}  // namespace hftsim
