// Ends of a pipeline: the source's, a failure's, somebody's cancel; in both thread modes.
#include "engine/runtime/pipeline.h"

#include <gtest/gtest.h>

#include "engine/core/errors.h"
#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

class PipelineEnds : public testing::TestWithParam<ThreadMode> {
 protected:
  PipelineEnds() {
    setup_.pipeline.threads = GetParam();
    setup_.pipeline.block_events = 64;
  }

  RunSetup setup_;
  Bars bars_ = generated_bars(5000);
};

template <class Error>
std::string message_of(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.what();
  } catch (...) {
    return "another type";
  }
  return "nothing was thrown";
}

TEST_P(PipelineEnds, HandlesEveryEventOfTheSource) {
  const RunOutcome run = run_bars(setup_, bars_);
  EXPECT_EQ(run.stats.events, 5000U);
  EXPECT_EQ(run.counters.bars, 5000U);
  EXPECT_FALSE(run.stats.cancelled);
  EXPECT_EQ(run.records.back().kind, JournalKind::end);
  EXPECT_EQ(run.records.back().detail, 0);
}

TEST_P(PipelineEnds, DoesNotCareHowManyEventsAReadGives) {
  const std::string hash = run_bars(setup_, bars_).hash;
  for (const std::size_t most : {1UL, 3UL, 63UL}) {
    MemorySource source(bars_);
    source.most_per_read = most;
    EXPECT_EQ(run_source(setup_, source).hash, hash) << most;
  }
}

TEST_P(PipelineEnds, TakesEventsWhereTheyLie) {
  MemorySource source(bars_);
  source.in_place = true;
  EXPECT_EQ(run_source(setup_, source).hash, run_bars(setup_, bars_).hash);
}

TEST_P(PipelineEnds, AnEmptySourceIsARunOfNoBars) {
  bars_.events.clear();
  const RunOutcome run = run_bars(setup_, bars_);
  EXPECT_EQ(run.counters.bars, 0U);
  EXPECT_TRUE(run.marks.empty());
  ASSERT_EQ(run.records.size(), 1U);
  EXPECT_EQ(run.records[0].kind, JournalKind::end);
}

TEST_P(PipelineEnds, HandlesWhatCameBeforeAFailureOfTheSource) {
  for (const std::size_t fail_at : {0UL, 1UL, 64UL, 1000UL, 4999UL}) {
    MemorySource source(bars_);
    source.fail_at = fail_at;
    source.failure = std::make_exception_ptr(BadInput("row 1000: bad"));
    const RunOutcome run = run_source(setup_, source);
    EXPECT_EQ(message_of<BadInput>(run.failure), "row 1000: bad");
    EXPECT_EQ(run.counters.bars, fail_at);
    EXPECT_EQ(run.marks.size(), fail_at);
    EXPECT_EQ(run.records.back().detail, 1) << "the journal says it was cut off";
  }
}

TEST_P(PipelineEnds, ThrowsWhatAStrategyThrew) {
  MemorySource source(bars_);
  ScriptedStrategy strategy([](std::size_t bar, const StrategyContext&, OrderGateway&) {
    if (bar == 777) throw IoFailure("the disk is full");
  });
  const RunOutcome run = run_strategy(setup_, source, strategy);
  EXPECT_EQ(message_of<IoFailure>(run.failure), "the disk is full");
  EXPECT_EQ(run.counters.bars, 778U);
}

TEST_P(PipelineEnds, ACancelEndsTheRunWithWhatWasRead) {
  std::atomic<bool> cancel{false};
  setup_.pipeline.cancel = &cancel;
  setup_.pipeline.on_progress = [&](std::uint64_t events) {
    if (events >= 640) cancel = true;
  };
  const RunOutcome run = run_bars(setup_, bars_);
  EXPECT_TRUE(run.stats.cancelled);
  EXPECT_EQ(run.failure, nullptr);
  EXPECT_GE(run.stats.events, 640U);
  EXPECT_LT(run.stats.events, 640U + 64 * (setup_.pipeline.block_count + 2));
  EXPECT_EQ(run.counters.bars, run.stats.events);
  EXPECT_EQ(run.records.back().detail, 1);
  bars_.events.resize(run.stats.events);
  setup_.pipeline = {};
  const RunOutcome shorter = run_bars(setup_, bars_);
  ASSERT_EQ(shorter.records.size(), run.records.size());
  EXPECT_EQ(shorter.equity, run.equity);
}

TEST_P(PipelineEnds, TellsItsProgressInOrder) {
  std::vector<std::uint64_t> told;
  setup_.pipeline.on_progress = [&](std::uint64_t events) {
    told.push_back(events);
  };
  run_bars(setup_, bars_);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_EQ(told.size(), (5000U + 63) / 64);
  EXPECT_EQ(told.back(), 5000U);
}

TEST_P(PipelineEnds, RunsWithTheFewestBlocksAndWithEveryIdleStrategy) {
  const std::string hash = run_bars(setup_, bars_).hash;
  for (const IdleStrategy idle : {IdleStrategy::yield, IdleStrategy::park}) {
    setup_.pipeline.block_count = 1;
    setup_.pipeline.idle = idle;
    EXPECT_EQ(run_bars(setup_, bars_).hash, hash);
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, PipelineEnds, testing::Values(ThreadMode::run_inline, ThreadMode::pipelined),
                         [](const auto& test) {
                           return test.param == ThreadMode::run_inline ? "inline" : "pipelined";
                         });

// What decides whether stages that wait yield or sleep.
TEST(PipelineThreads, CountTheStagesAndWhoHelpsTheInference) {
  PipelineOptions options;
  EXPECT_EQ(thread_count(options, false), 3U) << "read, features, trading";
  EXPECT_EQ(thread_count(options, true), 4U);
  options.inference_threads = 8;
  EXPECT_EQ(thread_count(options, true), 11U) << "one of the eight is the stage's own";
  EXPECT_EQ(thread_count(options, false), 3U);
}

}  // namespace
}  // namespace hftsim
