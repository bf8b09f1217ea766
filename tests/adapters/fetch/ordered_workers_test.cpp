#include "adapters/fetch/ordered_workers.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <stdexcept>

namespace hftsim::fetch {
namespace {

using Workers = OrderedWorkers<std::size_t>;

class OrderedWorkersTest : public ::testing::Test {
 protected:
  // Keeps what is taken, which has to be in order.
  void take(std::size_t job, std::size_t result) {
    EXPECT_EQ(job, taken_.size());
    EXPECT_EQ(result, job * job);
    taken_.push_back(job);
  }

  net::StopSignal stop_;
  std::vector<std::size_t> taken_;
};

TEST_F(OrderedWorkersTest, TakesEveryResultOnceAndInOrder) {
  for (const std::size_t workers : {1u, 2u, 5u, 50u}) {
    taken_.clear();
    Workers::run(
        40, workers, stop_, [](std::size_t, std::size_t job) { return job * job; },
        [this](std::size_t job, std::size_t result) { take(job, result); });
    EXPECT_EQ(taken_.size(), 40u);
  }
  EXPECT_FALSE(stop_.requested());
}

TEST_F(OrderedWorkersTest, HasNothingToDoWithoutJobs) {
  Workers::run(
      0, 4, stop_, [](std::size_t, std::size_t job) { return job; },
      [](std::size_t, std::size_t) { FAIL(); });
}

TEST_F(OrderedWorkersTest, TakesWhatLiesBeforeAFailure) {
  const auto work = [](std::size_t, std::size_t job) {
    if (job == 17) throw std::runtime_error("job 17");
    return job * job;
  };
  EXPECT_THROW(
      Workers::run(100, 1, stop_, work, [this](std::size_t job, std::size_t result) { take(job, result); }),
      std::runtime_error);
  EXPECT_EQ(taken_.size(), 17u);
  EXPECT_TRUE(stop_.requested());
}

TEST_F(OrderedWorkersTest, ThrowsTheFirstFailureOfManyThreads) {
  const auto work = [this](std::size_t, std::size_t job) {
    if (job == 3) throw std::runtime_error("job 3");
    while (job > 3 && !stop_.requested()) std::this_thread::yield();
    if (job > 3) stop_.check();
    return job * job;
  };
  EXPECT_THROW(
      Workers::run(100, 4, stop_, work, [this](std::size_t job, std::size_t result) { take(job, result); }),
      std::runtime_error);
  EXPECT_EQ(taken_.size(), 3u);
}

TEST_F(OrderedWorkersTest, EndsWhereTakingFails) {
  const auto take = [](std::size_t job, std::size_t) {
    if (job == 5) throw std::runtime_error("disk full");
  };
  EXPECT_THROW(Workers::run(
                   1000, 3, stop_, [](std::size_t, std::size_t job) { return job; }, take),
               std::runtime_error);
}

TEST_F(OrderedWorkersTest, IsNotFarAheadOfWhoTakes) {
  std::atomic<std::size_t> begun{0};
  Workers::run(
      200, 2, stop_,
      [&](std::size_t, std::size_t job) {
        ++begun;
        return job * job;
      },
      [&](std::size_t job, std::size_t) { EXPECT_LE(begun, job + 9); });
  EXPECT_EQ(begun, 200u);
}

}  // namespace
}  // namespace hftsim::fetch
