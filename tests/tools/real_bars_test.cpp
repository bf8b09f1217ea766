// The same bytes over real bars, at library level: whatever the threads and blocks; and other bytes where one
// close is a tick away.
#include <gtest/gtest.h>

#include "adapters/bar_reader.h"
#include "adapters/parquet_writer.h"
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

// A copy whose close of bar `changed` is a tick higher.
void copy_bars(const std::filesystem::path& from, const std::filesystem::path& to, std::uint64_t changed) {
  BarReader reader(from);
  std::vector<Event> events(512);
  std::uint64_t bar = 0;
  const std::vector<TableColumn> columns = {{"timestamp", ColumnType::timestamp_ns},
                                            {"open", ColumnType::float64},
                                            {"high", ColumnType::float64},
                                            {"low", ColumnType::float64},
                                            {"close", ColumnType::float64},
                                            {"volume", ColumnType::float64},
                                            {"trades", ColumnType::int64}};
  write_table(to, columns, [&](RowBatch& batch) {
    const std::size_t count = reader.read(events);
    for (std::size_t row = 0; row < count; ++row, ++bar) {
      const Event& e = events[row];
      const double close = e.bar.close + (bar == changed ? 0.01 : 0);
      batch.int64(0)[row] = e.ts_ns - reader.interval().value;
      batch.float64(1)[row] = e.bar.open;
      batch.float64(2)[row] = std::max(e.bar.high, close);
      batch.float64(3)[row] = e.bar.low;
      batch.float64(4)[row] = close;
      batch.float64(5)[row] = e.bar.volume;
      batch.int64(6)[row] = e.trades;
    }
    return count;
  });
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
