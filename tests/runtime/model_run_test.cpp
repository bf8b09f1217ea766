// A run with a model: its probabilities reach the strategy at the bar they belong to, and neither threads nor
// blocks nor helpers change a byte. That no prediction knows the future is truncation_test.cpp's.
#include <gtest/gtest.h>

#include <cmath>

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

}  // namespace
}  // namespace hftsim
