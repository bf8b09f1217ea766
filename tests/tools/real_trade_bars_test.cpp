// Bars of the real captures' trades: against those that were worked out of them independently, and the same run whatever
// the threads and blocks.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "replay/recording_source.h"
#include "replay/trade_bar_source.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/temporary_folder.h"
#include "tools/backtest_run.h"
#include "tools/recording_import.h"

namespace hftsim {
namespace {

constexpr const char* kUsdm = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
constexpr const char* kReference = "reference/books.json";

nlohmann::json reference_bars() {
  std::ifstream file(shared_file(kReference));
  return nlohmann::json::parse(file)["usdm_btcusdt_20240808"]["bars_1m_from_trades_by_T"];
}

double number(const nlohmann::json& text) {
  return std::strtod(text.get<std::string>().c_str(), nullptr);
}

class RealTradeBars : public testing::Test {
 protected:
  void import() {
    const std::filesystem::path capture = shared_file(kUsdm);
    import_captures({&capture, 1}, path_, {});
  }
  std::unique_ptr<RecordingSource> recording() const { return std::make_unique<RecordingSource>(path_); }
  std::string hash_of(const char* bars, const char* threads, std::int64_t block) const {
    RunConfig config;
    config.data.path = {path_.string()};
    config.data.trade_bars = bars;
    config.metrics.bars_per_year = 1e6;
    config.run.threads = threads;
    config.run.block = block;
    resolve(config);
    RunData data(config);
    const RunResult result = run_backtest(config, data, {});
    EXPECT_EQ(result.failure, "");
    EXPECT_GT(result.counters.bars, 100u) << bars;
    return result.journal_hash;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "usdm.hfr";
};

TEST_F(RealTradeBars, MinutesAreTheReferencesToTheLastBit) {
  HFTSIM_NEED_SHARED(kUsdm);
  import();
  const nlohmann::json expected = reference_bars();
  TradeBarSource source(recording(), {.keep_partial = true});
  std::vector<Event> bars(100);
  bars.resize(source.read(bars));
  ASSERT_EQ(bars.size(), expected.size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    EXPECT_EQ((bars[i].ts_ns - kMinute.value) / 1'000'000, expected[i]["t"]);
    EXPECT_EQ(bars[i].bar.open, number(expected[i]["o"]));
    EXPECT_EQ(bars[i].bar.high, number(expected[i]["h"]));
    EXPECT_EQ(bars[i].bar.low, number(expected[i]["l"]));
    EXPECT_EQ(bars[i].bar.close, number(expected[i]["c"]));
    EXPECT_EQ(bars[i].bar.volume, number(expected[i]["v"]));
    EXPECT_EQ(bars[i].trades, expected[i]["n"]);
    EXPECT_EQ(bars[i].has(kPartial), i == 0) << "it goes on for a second behind the last minute";
  }
}

TEST_F(RealTradeBars, WhatTheTakersBoughtAndTheMoneyTradedAreTheReferences) {
  HFTSIM_NEED_SHARED(kUsdm);
  import();
  const nlohmann::json expected = reference_bars();
  const auto source = recording();
  const Instrument& instrument = source->instruments()[0];
  BarAggregator aggregator(BarSpec{}, instrument, 0, {.keep_partial = true});
  const DecimalStep product{1, instrument.price_step.decimals + instrument.quantity_step.decimals};
  std::size_t bar_number = 0;
  const auto compare = [&] {
    const BarTotals& totals = aggregator.totals();
    const nlohmann::json& bar = expected.at(bar_number++);
    EXPECT_EQ(nearest_double(totals.bought_lots, instrument.quantity_step), number(bar["taker_buy_v"]));
    EXPECT_EQ(nearest_double(totals.value, product), number(bar["quote_v"]));
  };
  std::vector<Event> room(1000);
  Event bar;
  for (auto events = source->next(room); !events.empty(); events = source->next(room)) {
    for (const Event& event : events) {
      if (event.kind != EventKind::trade) continue;
      while (aggregator.close_due(event.ts(), bar)) compare();
      aggregator.add(event, bar);
    }
  }
  ASSERT_TRUE(aggregator.finish(bar));
  compare();
  EXPECT_EQ(bar_number, expected.size());
}

TEST_F(RealTradeBars, GiveTheSameRunWhateverTheThreadsAndBlocks) {
  HFTSIM_NEED_SHARED(kUsdm);
  import();
  for (const char* bars : {"1s", "50t", "5v", "1e5d"}) {
    const std::string hash = hash_of(bars, "inline", 256);
    EXPECT_EQ(hash_of(bars, "inline", 7), hash) << bars;
    EXPECT_EQ(hash_of(bars, "pipelined", 256), hash) << bars;
  }
}

}  // namespace
}  // namespace hftsim
