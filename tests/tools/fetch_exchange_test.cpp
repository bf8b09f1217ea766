// hftsim fetch against hftsim exchange: a month of minutes through refusals and broken connections.
#include <gtest/gtest.h>

#include <cstring>

#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/cache/trade_cache.h"
#include "adapters/exchange/generated_market.h"
#include "tests/tools/cli.h"
#include "tests/tools/running_program.h"

namespace hftsim::test {
namespace {

class FetchFromExchange : public CliTest {
 protected:
  // The generator's bars that open in that range.
  static std::vector<Event> source_bars(const exchange::GeneratedMarketOptions& options, TimeRange range) {
    const auto source = exchange::generated_market(options);
    std::vector<Event> bars, batch(1'000);
    while (bars.empty() || bars.back().ts_ns < range.to_ns) {
      const std::size_t count = source->read(batch);
      for (const Event& bar : std::span(batch).first(count)) {
        const std::int64_t open_ns = bar.ts_ns - kMinute.value;
        if (open_ns >= range.from_ns && open_ns < range.to_ns) bars.push_back(bar);
        if (open_ns >= range.to_ns) return bars;
      }
    }
    return bars;
  }

  // Those in that range, up to the first event behind it.
  static std::vector<Event> trades_of(EventSource& source, TimeRange range) {
    std::vector<Event> trades, batch(1'000);
    while (const std::size_t count = source.read(batch)) {
      for (const Event& event : std::span(batch).first(count)) {
        if (event.ts_ns >= range.to_ns) return trades;
        if (event.kind == EventKind::trade && event.ts_ns >= range.from_ns) trades.push_back(event);
      }
    }
    return trades;
  }

  std::vector<Event> cached_bars() const {
    const BarCache cache(folder() / "cache");
    const auto reader = cache.open({Market::spot, "BTCUSDT", kMinute});
    std::vector<Event> bars, batch(1'000);
    while (const std::size_t count = reader->read(batch)) {
      bars.insert(bars.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return bars;
  }
};

TEST_F(FetchFromExchange, FindsACacheThatCannotBeWrittenBeforeItAsksForBars) {
  const RunningExchange exchange("--generated --history-days 2 --start 2024-02-01 --port 0");
  write("file", "");
  const CliResult result = hftsim("fetch BTCUSDT 1m --days 1 --cache file --base-url " + exchange.url());
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_MENTIONS(result.err, "the cache cannot be written");
  EXPECT_EQ(result.out.find("received"), std::string::npos) << result.out;
}

TEST_F(FetchFromExchange, BringsAMonthThroughFaultsByteByByteAndAsksNoMore) {
  const TimeRange month{parse_time("2024-01-02"), parse_time("2024-02-01")};
  const RunningExchange exchange(
      "--generated --seed 7 --history-days 31 --start 2024-02-01T00:00:30 --port 0 --fault 429=0.05 --fault "
      "rest.disconnect=0.02");
  const std::string command =
      "fetch BTCUSDT 1m --from 2024-01-02 --to 2024-02-01 --cache cache --base-url " + exchange.url();
  const CliResult first = hftsim(command);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_MENTIONS(first.out, "43200 missing, 43200 received, 43200 added, 0 replaced, 0 repeated");
  EXPECT_EQ(first.out.find("; 0 of them again"), std::string::npos) << first.out;
  const std::vector<Event> wanted = source_bars({.seed = 7,
                                                 .history_days = 31,
                                                 .bars_alone = true,
                                                 .start = Timestamp(parse_time("2024-02-01T00:00:30"))},
                                                month);
  const std::vector<Event> found = cached_bars();
  ASSERT_EQ(wanted.size(), 43'200u);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].ts_ns, wanted[i].ts_ns) << i;
    ASSERT_EQ(found[i].trades, wanted[i].trades) << i;
    ASSERT_EQ(std::memcmp(&found[i].bar, &wanted[i].bar, sizeof found[i].bar), 0) << i;
  }
  const CliResult second = hftsim(command);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_MENTIONS(second.out, "nothing was asked for");
}

TEST_F(FetchFromExchange, EndsWithTheLastBarThatIsClosedThere) {
  const RunningExchange exchange(
      "--generated --seed 7 --history-days 2 --start 2024-02-01T00:00:30 --port 0");
  const CliResult result = hftsim("fetch BTCUSDT 1m --days 1 --cache cache --base-url " + exchange.url());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<Event> found = cached_bars();
  ASSERT_FALSE(found.empty());
  EXPECT_GE(found.back().ts_ns, parse_time("2024-02-01"));
  EXPECT_EQ(found.size(), 1'440u);
}

TEST_F(FetchFromExchange, BringsTheVeryTrades) {
  const TimeRange quarter{parse_time("2024-01-31T23:30"), parse_time("2024-01-31T23:45")};
  const RunningExchange exchange(
      "--generated --seed 7 --history-days 1 --start 2024-02-01T00:00:30 --port 0 --fault 429=0.05");
  const CliResult result = hftsim(
      "fetch BTCUSDT --trades --from 2024-01-31T23:30 --to 2024-01-31T23:45 --cache cache --base-url " +
      exchange.url());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto source = exchange::generated_market(
      {.seed = 7, .history_days = 1, .start = Timestamp(parse_time("2024-02-01T00:00:30"))});
  const std::vector<Event> wanted = trades_of(*source, quarter);
  const auto cached = TradeCache(folder() / "cache").open({Market::spot, "BTCUSDT", kTrades});
  const std::vector<Event> found = trades_of(*cached, kAllTimes);
  ASSERT_FALSE(wanted.empty());
  ASSERT_EQ(found.size(), wanted.size());
  const Instrument& theirs = source->instruments().front();
  const Instrument& ours = cached->instruments().front();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const TradeBody &a = found[i].trade, &b = wanted[i].trade;
    ASSERT_EQ(a.seq, b.seq);
    ASSERT_EQ(ours.price_step.value(a.price_ticks), theirs.price_step.value(b.price_ticks)) << i;
    ASSERT_EQ(ours.quantity_step.value(a.quantity_lots), theirs.quantity_step.value(b.quantity_lots)) << i;
    ASSERT_EQ(found[i].ts_ns, wanted[i].ts_ns / 1'000'000 * 1'000'000)
        << i;  // the interface says milliseconds
    ASSERT_EQ(found[i].has(kBuyerIsMaker), wanted[i].has(kBuyerIsMaker)) << i;
  }
}

}  // namespace
}  // namespace hftsim::test
