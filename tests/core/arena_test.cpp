#include "engine/core/arena.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

bool on_cache_line(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) % 64 == 0;
}

TEST(Arena, GivesZeroedMemoryOnCacheLines) {
  Arena arena(4096);
  for (int i = 0; i < 5; ++i) {
    const auto bytes = arena.allocate<std::uint8_t>(3);
    EXPECT_TRUE(on_cache_line(bytes.data()));
    EXPECT_EQ(bytes.size(), 3U);
    for (std::uint8_t& byte : bytes) {
      EXPECT_EQ(byte, 0);
      byte = 0xff;  // must not show up in the next piece
    }
  }
  EXPECT_TRUE(on_cache_line(arena.allocate<double>(7).data()));
}

TEST(Arena, UsesExactlyWhatBytesForSays) {
  Arena arena(1 << 16);
  std::size_t expected = 0;
  for (const std::size_t count : {1UL, 7UL, 8UL, 9UL, 100UL}) {
    arena.allocate<double>(count);
    expected += Arena::bytes_for<double>(count);
    EXPECT_EQ(arena.used_bytes(), expected);
  }
  EXPECT_EQ(Arena::bytes_for<double>(8), 64U);
  EXPECT_EQ(Arena::bytes_for<double>(9), 128U);
  EXPECT_EQ(Arena::bytes_for<double>(0), 0U);
}

TEST(Arena, SizeIsRoundedUpToPages) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(Arena(1).size_bytes(), page);
  EXPECT_EQ(Arena(page).size_bytes(), page);
  EXPECT_EQ(Arena(page + 1).size_bytes(), 2 * page);
  EXPECT_EQ(Arena(0).size_bytes(), page);
}

TEST(Arena, FullArenaThrowsAndStaysUsable) {
  Arena arena(4096);
  const std::size_t size = arena.size_bytes();
  arena.allocate<std::byte>(size - 64);
  EXPECT_THROW(arena.allocate<std::byte>(65), std::bad_alloc);
  EXPECT_EQ(arena.used_bytes(), size - 64);
  EXPECT_EQ(arena.allocate<std::byte>(64).size(), 64U);
  EXPECT_THROW(arena.allocate<std::byte>(1), std::bad_alloc);
}

// Ends the process: in a child, since the right to lock memory cannot be taken back. Root is not bound by the
// limit, so root becomes nobody first.
[[noreturn]] void lock_without_the_right_to() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0)) _exit(9);
  try {
    Arena arena(1 << 20, {.lock = true});
  } catch (const IoFailure& failure) {
    std::fputs(failure.what(), stderr);
    _exit(3);
  }
  _exit(8);
}

TEST(ArenaDeathTest, RefusedLockNamesTheLimit) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers turn mlock into a call that does nothing";
#endif
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(lock_without_the_right_to(), testing::ExitedWithCode(3), "1048576 bytes.*RLIMIT_MEMLOCK");
}

}  // namespace
}  // namespace hftsim
