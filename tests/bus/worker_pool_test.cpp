#include "engine/bus/worker_pool.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace hftsim {
namespace {

TEST(Executor, AloneDoesEveryPieceInOrderOnTheCallingThread) {
  Executor alone;
  std::vector<std::size_t> done;
  const std::thread::id caller = std::this_thread::get_id();
  alone.run(4, [&](std::size_t piece, unsigned worker) {
    EXPECT_EQ(worker, 0U);
    EXPECT_EQ(std::this_thread::get_id(), caller);
    done.push_back(piece);
  });
  EXPECT_EQ(done, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(WorkerPool, DoesEveryPieceOnceWithAWorkerOfItsOwn) {
  for (const unsigned workers : {1U, 2U, 5U}) {
    WorkerPool pool(workers);
    ASSERT_EQ(pool.workers(), workers);
    std::vector<std::atomic<int>> busy(workers);
    for (const std::size_t pieces : {0U, 1U, 2U, 3U, 64U, 1000U}) {
      std::vector<int> times(pieces);
      pool.run(pieces, [&](std::size_t piece, unsigned worker) {
        ASSERT_LT(worker, workers);
        EXPECT_EQ(busy[worker].fetch_add(1), 0) << "two threads are one worker";
        ++times[piece];
        busy[worker].fetch_sub(1);
      });
      EXPECT_EQ(times, std::vector<int>(pieces, 1)) << workers << " workers";
    }
  }
}

// Helpers that come late for one run meet the next one's pieces.
TEST(WorkerPool, KeepsManyShortRunsApart) {
  WorkerPool pool(3);
  std::vector<std::uint64_t> squares(5);
  std::uint64_t sum = 0, expected = 0;
  for (std::uint64_t run = 0; run < 20'000; ++run) {
    const std::size_t pieces = 1 + run % squares.size();
    pool.run(pieces, [&](std::size_t piece, unsigned) { squares[piece] = run * piece; });
    sum = std::accumulate(squares.begin(), squares.begin() + static_cast<std::ptrdiff_t>(pieces), sum);
    expected += run * (pieces * (pieces - 1) / 2);
  }
  EXPECT_EQ(sum, expected);
}

TEST(WorkerPool, ThrowsWhatAPieceThrewAfterAllHaveEnded) {
  WorkerPool pool(2);
  std::atomic<int> done{0};
  const auto work = [&](std::size_t piece, unsigned) {
    if (piece == 3) throw std::runtime_error("piece 3");
    ++done;
  };
  EXPECT_THROW(pool.run(10, work), std::runtime_error);
  EXPECT_EQ(done, 9);
  pool.run(3, work);  // and works again
  EXPECT_EQ(done, 12);
}

}  // namespace
}  // namespace hftsim
