// Trades for as long as a session may last, whatever the run is, and allocates nothing meanwhile.
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
  // The bars of the first instrument.
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
  // Fills of the last 1,000 of so many bars.
  std::uint64_t late_trades(const RunConfig& config, int bars) {
    RunModel model(config);
    Understudy understudy(config, stream_.instruments.front(), model);
    show(understudy, stream_);
    play(understudy, bars - 1'000);
    const std::uint64_t before = understudy.core().counters().trades;
    play(understudy, 1'000);
    EXPECT_EQ(understudy.bars_played(), static_cast<std::uint64_t>(bars));
    return understudy.core().counters().trades - before;
  }

  TemporaryFolder folder_;
  Stream stream_ = generated_stream(64, 2);
};

TEST_F(UnderstudyTest, HasNothingToPlayBeforeThereIsABar) {
  const RunConfig config = paper_config();
  RunModel model(config);
  Understudy understudy(config, stream_.instruments.front(), model);
  understudy.play();
  EXPECT_EQ(understudy.bars_played(), 0u);
}

TEST_F(UnderstudyTest, TradesOnTheLastBarsAgainAndAgain) {
  EXPECT_GT(late_trades(model_config(folder_.path()), 10'000), 10u);
  EXPECT_GT(late_trades(paper_config(), 10'000), 10u);
}

TEST_F(UnderstudyTest, TradesWhateverTheVenueFillsOn) {
  for (const char* fill_on : {"quotes", "book", "trades"}) {
    RunConfig config = paper_config();
    config.execution.fill_on = fill_on;
    EXPECT_GT(late_trades(config, 3'000), 10u) << fill_on;
  }
}

TEST_F(UnderstudyTest, TradesWhateverSizesTheRunsOrders) {
  RunConfig config = paper_config();
  config.risk.volatility_limit = 0.2;
  for (const char* sizer : {"fixed_fraction", "volatility_target", "kelly"}) {
    config.account.sizer = sizer;
    EXPECT_GT(late_trades(config, 3'000), 10u) << sizer;
  }
}

// Bars to and fro are a gain, or a loss, with every pass: neither may end it, nor a limit that the run has.
TEST_F(UnderstudyTest, TradesAsLongAsASessionLasts) {
  std::int64_t minute = 1;
  stream_.events.clear();
  for (double price = 100; price < 164; ++price, ++minute) {
    stream_.events.push_back(
        make_bar(Timestamp(minute * kMinute.value), 0, {price, price + 1, price - 1, price + 0.5, 10}, 5));
  }
  RunConfig config = paper_config();
  config.risk.max_drawdown = config.risk.max_daily_loss = 1e-3;
  EXPECT_GT(late_trades(config, 1'000'000), 10u);
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

}  // namespace
}  // namespace hftsim
