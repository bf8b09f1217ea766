// The same bytes over real bars, at library level: whatever the threads and blocks; and other bytes where one
// close is a tick away.
#include <gtest/gtest.h>

#include "adapters/bar_reader.h"
#include "adapters/bar_writer.h"
#include "strategies/registry.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/temporary_folder.h"
#include "tools/backtest_run.h"

namespace hftsim {
namespace {

constexpr const char* kBars = "data/BTCUSDT-1m.parquet";

struct Way {
  const char* threads = "inline";
  std::int64_t block = 256;
};

std::string hash_of(const std::string& strategy, const std::filesystem::path& bars, Way way = {}) {
  RunConfig config;
  config.data.path = {bars.string()};
  config.strategy.name = strategy;
  config.run.threads = way.threads;
  config.run.block = way.block;
  resolve(config);
  RunData data(config);
  const RunResult result = run_backtest(config, data, {});
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.counters.bars, 10'080U);
  return result.journal_hash;
}

// The bars of a file, with the close of bar `changed` a tick higher.
class OneTickHigher final : public EventSource {
 public:
  OneTickHigher(const std::filesystem::path& path, std::uint64_t changed)
      : reader_(path), changed_(changed) {}

  std::span<const Instrument> instruments() const override { return reader_.instruments(); }
  std::size_t read(std::span<Event> out) override {
    const std::size_t count = reader_.read(out);
    if (changed_ >= seen_ && changed_ < seen_ + count) raise(out[changed_ - seen_].bar);
    seen_ += count;
    return count;
  }

 private:
  static void raise(BarBody& bar) {
    bar.close += 0.01;
    bar.high = std::max(bar.high, bar.close);
  }

  BarReader reader_;
  std::uint64_t changed_;
  std::uint64_t seen_ = 0;
};

void copy_bars(const std::filesystem::path& from, const std::filesystem::path& to, std::uint64_t changed) {
  OneTickHigher bars(from, changed);
  write_bars(to, bars);
}

TEST(RealBars, GiveTheSameHashForEveryThreadModeAndBlock) {
  HFTSIM_NEED_SHARED(kBars);
  for (const StrategySpec& strategy : strategy_specs()) {
    const std::string wanted = hash_of(strategy.name, shared_file(kBars));
    for (const char* threads : {"inline", "pipelined"}) {
      for (const std::int64_t block : {1, 7, 256, 4096}) {
        EXPECT_EQ(hash_of(strategy.name, shared_file(kBars), {threads, block}), wanted)
            << strategy.name << " " << threads << " " << block;
      }
    }
  }
}

TEST(RealBars, ACopyHasTheSameHashAndATickInOneBarAnother) {
  HFTSIM_NEED_SHARED(kBars);
  const TemporaryFolder folder;
  const auto same = folder.path() / "BTCUSDT-1m.parquet",
             other = folder.path() / "BTCUSDT-1m-changed.parquet";
  copy_bars(shared_file(kBars), same, UINT64_MAX);
  copy_bars(shared_file(kBars), other, 6000);
  for (const StrategySpec& strategy : strategy_specs()) {
    const std::string wanted = hash_of(strategy.name, shared_file(kBars));
    EXPECT_EQ(hash_of(strategy.name, same), wanted) << strategy.name;
    EXPECT_NE(hash_of(strategy.name, other), wanted) << strategy.name;
  }
}

}  // namespace
}  // namespace hftsim
