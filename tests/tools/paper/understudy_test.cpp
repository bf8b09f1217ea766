// Decides as a run does, for as long as a session may last, and allocates nothing meanwhile.
#include "tools/paper/understudy.h"

#include <gtest/gtest.h>

#include "engine/core/allocation_counter.h"
#include "tests/replay/temporary_folder.h"
#include "tests/tools/paper/paper_bench.h"

namespace hftsim {
namespace {

using namespace test;

class UnderstudyTest : public testing::Test {
 protected:
  // Of the first instrument the bars of `minutes`.
  static void show(Understudy& understudy, const Stream& stream) {
    for (const Event& event : stream.events) {
      if (event.kind == EventKind::bar && event.instrument == 0) understudy.remember(event);
    }
  }
  static void play(Understudy& understudy, int bars) {
    for (int i = 0; i < bars; ++i) {
      understudy.play();
      while (understudy.work_ahead()) {
      }
    }
  }

  TemporaryFolder folder_;
  Stream stream_ = generated_stream(64, 2);
};

TEST_F(UnderstudyTest, TradesOnTheLastBarsAgainAndAgain) {
  for (RunConfig config : {paper_config(), model_config(folder_.path())}) {
    config.risk.max_drawdown = 1e-6;
    RunModel model(config);
    Understudy understudy(config, stream_.instruments.front(), model);
    understudy.play();
    EXPECT_EQ(understudy.bars_played(), 0u) << "there is no bar";
    show(understudy, stream_);
    play(understudy, 20'000);
    EXPECT_EQ(understudy.bars_played(), 20'000u);
    const std::uint64_t trades = understudy.core().counters().trades;
    play(understudy, 1'000);
    EXPECT_GT(understudy.core().counters().trades, trades + 10) << config.strategy.name;
  }
}

TEST_F(UnderstudyTest, TakesNoMemoryFromTheHeapOnceItIsWarm) {
  const RunConfig config = model_config(folder_.path());
  RunModel model(config);
  Understudy understudy(config, stream_.instruments.front(), model);
  show(understudy, stream_);
  play(understudy, 2'000);
  const std::uint64_t before = thread_allocation_count;
  play(understudy, 10'000);
  EXPECT_EQ(thread_allocation_count, before);
}

// Bars without a move, and prices that no exchange has.
TEST_F(UnderstudyTest, BearsWhateverBarsThereAre) {
  const RunConfig config = paper_config();
  RunModel model(config);
  Understudy understudy(config, stream_.instruments.front(), model);
  understudy.remember(make_bar(Timestamp(kMinute.value), 0, {1, 1, 1, 1, 0}, 0));
  play(understudy, 200);
  understudy.remember(make_bar(Timestamp(2 * kMinute.value), 0, {1e-300, 1e300, 1e-300, 1e300, 1e300}, 0));
  understudy.remember(make_bar(Timestamp(3 * kMinute.value), 0, {1e300, 1e300, 1e-300, 1e-300, 0}, 0));
  play(understudy, 2'000);
  EXPECT_EQ(understudy.bars_played(), 2'200u);
}

}  // namespace
}  // namespace hftsim
