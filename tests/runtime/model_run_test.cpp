// A run with a model: its probabilities reach the strategy at the bar they belong to, and neither threads nor
// blocks nor helpers change a byte. That no prediction knows the future is truncation_test.cpp's.
#include <gtest/gtest.h>

#include <cmath>
#include <new>

#include "engine/core/errors.h"
#include "tests/runtime/plain_inference.h"

namespace hftsim {
namespace {

using namespace test;

RunSetup model_setup(Executor& executor) {
  RunSetup setup;
  setup.venue.slippage_bps = 0.5;
  with_plain_model(setup, executor);
  return setup;
}

TEST(ModelRun, DecidesDifferentlyWithTheModelThanWithout) {
  const Bars bars = generated_bars(3'000, 7);
  RunSetup without = model_setup(calling_thread());
  without.make_inference = nullptr;
  const RunOutcome with = run_bars(model_setup(calling_thread()), bars);
  EXPECT_GT(with.fills().size(), 0U);
  EXPECT_NE(with.hash, run_bars(without, bars).hash);
}

TEST(ModelRun, IsTheSameForEveryThreadModeBlockAndNumberOfWorkers) {
  WorkerPool three(3);
  for (const std::size_t symbols : {1U, 3U}) {
    const Bars bars = generated_bars(2'000, 5, symbols);
    const std::string expected = run_bars(model_setup(calling_thread()), bars).hash;
    for (Executor* executor : {&calling_thread(), static_cast<Executor*>(&three)}) {
      for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
        for (const std::uint32_t block : {1U, 7U, 256U, 4096U}) {
          RunSetup setup = model_setup(*executor);
          setup.pipeline.threads = threads;
          setup.pipeline.block_events = block;
          EXPECT_EQ(run_bars(setup, bars).hash, expected)
              << symbols << " symbols " << name_of(threads) << " block " << block << " workers "
              << executor->workers();
        }
      }
    }
  }
}

// What the strategy is shown, bar by bar, against the model asked one window at a time.
TEST(ModelRun, ShowsTheStrategyTheWindowThatEndsAtItsBar) {
  const Bars bars = generated_bars(300, 3);
  const PlainModel model(kPlainLookback, std::size(kPlainInputs));
  std::vector<float> inputs;
  std::size_t predictions = 0;
  const RunOutcome run = run_script(
      model_setup(calling_thread()), bars, [&](std::size_t, const StrategyContext& context, OrderGateway&) {
        bool known = true;
        for (FeatureSlot slot = 0; slot < 3; ++slot) known = known && !std::isnan(context.feature(slot));
        if (!known) return;
        for (FeatureSlot slot = 0; slot < 3; ++slot) {
          inputs.push_back(static_cast<float>(context.feature(slot) / 0.01));
        }
        const std::size_t window = std::size_t{kPlainLookback} * 3;
        const bool full = inputs.size() >= window;
        ASSERT_EQ(context.prediction().has_value(), full);
        if (!full) return;
        ++predictions;
        EXPECT_EQ(*context.prediction(), model.value(inputs.data() + inputs.size() - window));
      });
  EXPECT_EQ(predictions, 300U - 19 - 59);
  EXPECT_EQ(run.failure, nullptr);
}

TEST(ModelRun, EndsWithTheSourcesFailureAfterTheBarsBeforeIt) {
  const Bars bars = generated_bars(1'000, 3);
  for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
    MemorySource source(bars);
    source.fail_at = 700;
    source.failure = std::make_exception_ptr(std::runtime_error("cut"));
    RunSetup setup = model_setup(calling_thread());
    setup.pipeline.threads = threads;
    const RunOutcome run = run_source(setup, source);
    EXPECT_NE(run.failure, nullptr);
    EXPECT_EQ(run.counters.bars, 700U);
  }
}

// Says 0.5 of every row until one is at hand of which it can say nothing.
class FailingPredictor final : public inference::Predictor {
 public:
  FailingPredictor(std::size_t fail_at, std::exception_ptr failure)
      : fail_at_(fail_at), failure_(std::move(failure)) {}

  void predict(const float*, std::size_t count, float* out) override {
    rows_ += count;
    if (rows_ > fail_at_) std::rethrow_exception(failure_);
    std::fill_n(out, count, 0.5F);
  }
  void observe(const float*, std::size_t) override {}

 private:
  std::size_t fail_at_, rows_ = 0;
  std::exception_ptr failure_;
};

RunSetup failing_setup(std::size_t fail_at, std::exception_ptr failure) {
  RunSetup setup;
  setup.make_inference = [=](const FeatureNames&, std::size_t, std::uint32_t block_events) {
    inference::StageMember member;
    member.name = "a/model.pt";
    member.predictors.push_back(std::make_unique<FailingPredictor>(fail_at, failure));
    std::vector<inference::StageMember> members;
    members.push_back(std::move(member));
    return std::make_unique<inference::InferenceStage>(std::move(members), 1, block_events);
  };
  return setup;
}

template <class Error>
std::string message_of(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.what();
  } catch (...) {
    return "another error";
  }
  return "none";
}

TEST(ModelRun, EndsWithTheModelsFailureAfterTheBlocksBeforeIt) {
  const Bars bars = generated_bars(1'000, 3);
  const auto failure = std::make_exception_ptr(std::runtime_error("no more"));
  for (const std::uint32_t block : {1U, 7U, 256U}) {
    Bars before = bars;
    before.events.resize(700 / block * block);
    const RunOutcome whole = run_bars(failing_setup(SIZE_MAX, failure), before);
    for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
      RunSetup setup = failing_setup(700, failure);
      setup.pipeline.threads = threads;
      setup.pipeline.block_events = block;
      const RunOutcome run = run_bars(setup, bars);
      EXPECT_EQ(message_of<BadInput>(run.failure), "a/model.pt: no more");
      EXPECT_EQ(run.counters.bars, before.events.size()) << block << name_of(threads);
      EXPECT_FALSE(run.stats.cancelled);
      ASSERT_EQ(run.records.size(), whole.records.size());
      EXPECT_EQ(run.marks.size(), whole.marks.size());
    }
  }
}

TEST(ModelRun, TellsALackOfMemoryFromAModelThatIsBad) {
  const Bars bars = generated_bars(100, 3);
  const auto of = [&](const auto& error) {
    return run_bars(failing_setup(50, std::make_exception_ptr(error)), bars).failure;
  };
  const std::string memory = message_of<IoFailure>(of(std::bad_alloc()));
  EXPECT_NE(memory.find("a/model.pt: out of memory; lower model.threads"), std::string::npos) << memory;
  EXPECT_EQ(message_of<IoFailure>(of(IoFailure("a/model.pt: out of memory"))), "a/model.pt: out of memory")
      << "names it once";
  EXPECT_EQ(message_of<BadInput>(of(BadInput("got 2"))), "a/model.pt: got 2");
}

// The source was read ahead of the model, and failed there too: what comes first in the stream counts.
TEST(ModelRun, NamesTheModelsFailureWhereTheSourceFailsBehindIt) {
  const Bars bars = generated_bars(1'000, 3);
  for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
    MemorySource source(bars);
    source.fail_at = 520;
    source.failure = std::make_exception_ptr(std::runtime_error("cut"));
    RunSetup setup = failing_setup(500, std::make_exception_ptr(std::runtime_error("no more")));
    setup.pipeline.threads = threads;
    EXPECT_EQ(message_of<BadInput>(run_source(setup, source).failure), "a/model.pt: no more");
  }
}

}  // namespace
}  // namespace hftsim
