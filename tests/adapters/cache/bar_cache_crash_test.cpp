// Savers that are killed, and several at once: the cache holds the old or the new state, never neither, and loses
// nothing.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "adapters/cache/bar_cache.h"
#include "engine/core/clock.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

constexpr std::int64_t kJanuary = 31 * 24 * 60;  // minutes

using BarCacheCrash = CacheTest;

// A child that was forked before this process used DuckDB, which has threads of its own, saves whatever it is told.
template <class Work>
pid_t fork_child(const Work& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    work();
    _exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    _exit(1);
  }
}

int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Everything about the cache happens in children: what it holds comes back as an exit code.
int state_in_child(const std::filesystem::path& root, const CacheKey& key, const std::vector<Event>& old_bars,
                   const std::vector<Event>& new_bars) {
  return exit_code_of(fork_child([&] {
    const auto source = BarCache(root).open(key, {.policy = DataPolicy::skip});
    const std::vector<Event> found = read_all(*source);
    const auto is = [&](const std::vector<Event>& bars) {
      return found.size() == bars.size() &&
             std::equal(found.begin(), found.end(), bars.begin(), [](const Event& a, const Event& b) {
               return a.ts_ns == b.ts_ns && std::memcmp(&a.bar, &b.bar, sizeof a.bar) == 0;
             });
    };
    _exit(is(old_bars) ? 10 : is(new_bars) ? 11 : 12);
  }));
}

class KilledSaves : public CacheTest, public ::testing::WithParamInterface<std::int64_t> {};

// From the start of a save to its end, at 100 instants. What a save takes is measured first and again on the way: the
// machine may become busier. The last one is killed when it has ended.
TEST_P(KilledSaves, LeaveTheOldOrTheNewState) {
  const std::int64_t first = GetParam();
  std::vector<Event> old_bars = minute_bars(first, 3000);
  std::vector<Event> new_bars = minute_bars(first, 6000, 0.5);
  const auto save = [&](const std::vector<Event>& bars) {
    return fork_child([&] { BarCache(root()).save(key_, bars); });
  };
  ASSERT_EQ(exit_code_of(save(old_bars)), 0);
  const std::filesystem::path kept = path("kept");
  std::filesystem::copy(root(), kept, std::filesystem::copy_options::recursive);
  std::int64_t save_ns = 0;
  const auto save_whole = [&] {
    const std::int64_t begin_ns = monotonic_ns();
    ASSERT_EQ(exit_code_of(save(new_bars)), 0);
    save_ns = std::max(save_ns, monotonic_ns() - begin_ns);
  };
  save_whole();

  int found_old = 0, found_new = 0;
  for (int instant = 0; instant < 100; ++instant) {
    std::filesystem::remove_all(root());
    std::filesystem::copy(kept, root(), std::filesystem::copy_options::recursive);
    const pid_t child = save(new_bars);
    std::this_thread::sleep_for(std::chrono::nanoseconds(save_ns * instant / 90));
    siginfo_t ended;
    if (instant == 99) waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const int state = state_in_child(root(), key_, old_bars, new_bars);
    ASSERT_TRUE(state == 10 || state == 11) << "killed at " << instant << " of 100: state " << state;
    ++(state == 10 ? found_old : found_new);
    if (instant % 10 == 0) {  // and whoever comes next saves over what it left
      save_whole();
      ASSERT_EQ(state_in_child(root(), key_, old_bars, new_bars), 11);
      for (const auto& entry : std::filesystem::directory_iterator(file("x").parent_path()))
        EXPECT_EQ(entry.path().extension(), ".parquet") << entry.path() << " was left behind";
    }
  }
  EXPECT_GT(found_old, 0);
  EXPECT_GT(found_new, 0);
}

INSTANTIATE_TEST_SUITE_P(InOneFile, KilledSaves, ::testing::Values(0));
INSTANTIATE_TEST_SUITE_P(AcrossFiles, KilledSaves, ::testing::Values(kJanuary - 1500));

// What a save that was killed between two renames left: .commit, one part renamed, one not.
TEST_F(BarCacheCrash, ACommitThatWasDecidedIsFinishedByWhoeverComesNext) {
  const std::vector<Event> new_bars = minute_bars(kJanuary - 50, 100, 0.5);
  const auto run = [&](const auto& work) {
    ASSERT_EQ(exit_code_of(fork_child(work)), 0);
  };
  for (const bool decided : {true, false}) {
    std::filesystem::remove_all(root());
    run([&] { BarCache(root()).save(key_, new_bars); });
    std::filesystem::rename(file("2024-02.parquet"), file(".2024-02.parquet.part"));
    run([&] { BarCache(path("other")).save(key_, minute_bars(kJanuary - 50, 100)); });
    std::filesystem::copy(path("other") / folder_of(key_) / "2024-02.parquet", file("2024-02.parquet"));
    if (decided) std::ofstream(file(".commit")).flush();
    const int state = state_in_child(root(), key_, {}, new_bars);
    EXPECT_EQ(state, decided ? 11 : 12);
    EXPECT_FALSE(std::filesystem::exists(file(".commit")));
    EXPECT_EQ(std::filesystem::exists(file(".2024-02.parquet.part")), !decided);
  }
}

TEST_F(BarCacheCrash, TwoSaversAtOnceLoseNothing) {
  std::vector<pid_t> children;
  for (int saver = 0; saver < 4; ++saver) {
    children.push_back(fork_child([&] {
      BarCache cache(root());
      for (int piece = 0; piece < 15; ++piece) {  // interleaved: every saver touches the same two files
        cache.save(key_, minute_bars(kJanuary - 3000 + (piece * 4 + saver) * 100, 100));
      }
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(exit_code_of(child), 0);
  EXPECT_EQ(state_in_child(root(), key_, {}, minute_bars(kJanuary - 3000, 6000)), 11);
}

TEST_F(BarCacheCrash, ASaverThatWaitsSaysSo) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t holder = fork_child([&] {
    const CacheLock lock(root());
    if (::write(ready[1], "x", 1) != 1) _exit(3);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  std::string heard;
  {
    const CacheLock lock(root(), [&](const std::string& message) { heard = message; });
  }
  EXPECT_MENTIONS(heard, "another process saves to the cache; waiting for it");
  EXPECT_EQ(exit_code_of(holder), 0);
  heard.clear();
  {
    const CacheLock lock(root(), [&](const std::string& message) { heard = message; });
  }
  EXPECT_EQ(heard, "");
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace hftsim
