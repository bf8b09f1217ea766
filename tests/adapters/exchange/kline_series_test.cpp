#include "adapters/exchange/kline_series.h"

#include <gtest/gtest.h>

#include "engine/core/rng.h"
#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;

const KlineInterval& interval(std::string_view name) {
  return *find_kline_interval(name);
}

class KlineSeriesTest : public testing::Test {
 protected:
  void trade(std::int64_t ns, std::uint64_t id, std::int64_t ticks, std::uint8_t flags = 0) {
    series.on_trade(trade_at(ns, id, ticks, 2'000, flags), note);
  }
  std::vector<Kline> last(std::string_view name, std::size_t limit, std::int64_t now_ns) {
    return series.find(interval(name), {.limit = limit}, now_ns);
  }

  std::vector<Kline> closed;
  KlineSeries::Closed note = [this](const Kline& kline) {
    closed.push_back(kline);
  };
  KlineSeries series{perpetual()};
};

TEST_F(KlineSeriesTest, TradesMakeACandle) {
  trade(1, 10, 1'000);
  trade(2, 11, 1'200, kBuyerIsMaker);
  trade(3, 12, 900);
  const std::vector<Kline> found = last("1m", 5, 4);
  ASSERT_EQ(found.size(), 1u);
  const Kline& kline = found[0];
  EXPECT_EQ(kline.bar.open, 100);
  EXPECT_EQ(kline.bar.high, 120);
  EXPECT_EQ(kline.bar.low, 90);
  EXPECT_EQ(kline.bar.close, 90);
  EXPECT_EQ(kline.bar.volume, 6);
  EXPECT_EQ(kline.quote_volume, 620);
  EXPECT_EQ(kline.taker_volume, 4);
  EXPECT_EQ(kline.taker_quote_volume, 380);
  EXPECT_EQ(kline.trades, 3u);
  EXPECT_EQ(kline.id_first, 10);
  EXPECT_EQ(kline.id_last, 12);
  EXPECT_TRUE(closed.empty());
}

TEST_F(KlineSeriesTest, OffBookTradesAreInNoCandle) {
  trade(1, 1, 1'000, kOffBook);
  EXPECT_TRUE(last("1m", 5, 2).empty());
}

TEST_F(KlineSeriesTest, WithoutBarsTimeClosesAndSilenceIsFlat) {
  trade(1, 1, 1'000);
  series.advance_to(3 * kMin, note);
  ASSERT_EQ(closed.size(), 3u);
  EXPECT_EQ(closed[0].trades, 1u);
  EXPECT_EQ(closed[1].bar.open, 100);
  EXPECT_EQ(closed[2].open_ns, 2 * kMin);
  EXPECT_EQ(closed[2].bar.volume, 0);
}

TEST_F(KlineSeriesTest, ABarHasTheLastWordAndClosesOnce) {
  series.on_bar(bar_at(kMin, 1, 2, 1, 2, 3), note);
  trade(kMin + 5, 7, 1'000);
  series.advance_to(2 * kMin, note);
  EXPECT_EQ(closed.size(), 1u);  // the trades' candle waits for its bar
  series.on_bar(bar_at(2 * kMin, 100, 110, 90, 105, 50), note);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[1].bar.close, 105);
  EXPECT_EQ(closed[1].trades, 7u);
  EXPECT_EQ(closed[1].id_first, 7);
  EXPECT_EQ(closed[1].quote_volume, 200);  // the trades' own
}

TEST_F(KlineSeriesTest, TheFirstBarBehindItsTradesIsToldToo) {
  trade(5, 7, 1'000);
  series.on_bar(bar_at(kMin, 100, 110, 90, 105, 50), note);
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].bar.close, 105);
}

TEST_F(KlineSeriesTest, BarsThatAreNoCandlesAreNotTakenForSome) {
  for (const Duration interval : {Duration(0), Duration(1)}) {
    Instrument instrument = perpetual();
    instrument.bar_interval = interval;
    KlineSeries irregular(instrument);
    const Event trade = trade_at(1, 10, 1'000, 2'000);
    irregular.on_trade(trade, note);
    irregular.on_bar(bar_at(kMin / 2, 10, 12, 9, 11, 1), note);
    irregular.advance_to(3 * kMin, note);
    EXPECT_EQ(irregular.base(), kMinute);
    EXPECT_EQ(irregular.size(), 3u) << "the minute with the trade and two flat ones";
  }
}

TEST_F(KlineSeriesTest, TheOpenCandleIsFlatBeforeItsFirstTrade) {
  series.on_bar(bar_at(kMin, 1, 2, 1, 2, 3), note);
  const std::vector<Kline> found = last("1m", 5, kMin + 1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].open_ns, kMin);
  EXPECT_EQ(found[1].bar.open, 2);
  EXPECT_EQ(found[1].bar.volume, 0);
}

TEST_F(KlineSeriesTest, TheLimitCountsFromTheStartOrFromTheEnd) {
  for (int i = 1; i <= 10; ++i) series.on_bar(bar_at(i * kMin, i, i, i, i, 1), note);
  const auto opens = [&](const KlineQuery& query) {
    std::vector<std::int64_t> minutes;
    for (const Kline& kline : series.find(interval("1m"), query, 10 * kMin + 1))
      minutes.push_back(kline.open_ns / kMin);
    return minutes;
  };
  using Minutes = std::vector<std::int64_t>;
  EXPECT_EQ(opens({.from_ns = 3 * kMin, .limit = 2}), (Minutes{3, 4}));
  EXPECT_EQ(opens({.from_ns = 3 * kMin + 1, .limit = 2}), (Minutes{4, 5}));
  EXPECT_EQ(opens({.limit = 3}), (Minutes{8, 9, 10}));
  EXPECT_EQ(opens({.to_ns = 5 * kMin, .limit = 2}), (Minutes{4, 5}));
  EXPECT_EQ(opens({.from_ns = 2 * kMin, .to_ns = 3 * kMin, .limit = 9}), (Minutes{2, 3}));
  EXPECT_EQ(opens({.from_ns = 9 * kMin, .limit = 9}), (Minutes{9, 10}));
  EXPECT_EQ(opens({.from_ns = 11 * kMin, .limit = 9}), Minutes{});
}

// Against the plain way: every longer candle from all the minutes in it.
TEST_F(KlineSeriesTest, LongerCandlesAreThoseOfTheirMinutes) {
  RandomStream random(1, "test/klines");
  std::vector<Kline> minutes;
  std::int64_t ns = 0;
  for (int i = 0; i < 3'000; ++i) {
    ns +=
        (random.below(50) == 0 ? 1 + static_cast<std::int64_t>(random.below(200)) : 1) * kMin;  // with holes
    const double open = 100 + random.uniform();
    series.on_bar(bar_at(ns, open, open + 1, open - 1, open + random.uniform() / 2, random.uniform()), note);
  }
  minutes = closed;
  for (const KlineInterval& longer : kline_intervals()) {
    if (!longer.is_made_of(kMinute)) continue;
    std::vector<Kline> naive;
    for (const Kline& minute : minutes) {
      const std::int64_t open_ns = longer.open_of(minute.open_ns);
      if (naive.empty() || naive.back().open_ns != open_ns) {
        naive.push_back(minute);
        naive.back().open_ns = open_ns;
      } else {
        add_kline(naive.back(), minute);
      }
    }
    const std::vector<Kline> found =
        series.find(longer, {.from_ns = -40 * kDay.value, .limit = 5'000}, ns - 1);
    ASSERT_EQ(found.size(), naive.size()) << longer.name();
    for (std::size_t i = 0; i < naive.size(); ++i) {
      EXPECT_EQ(found[i].open_ns, naive[i].open_ns);
      EXPECT_EQ(found[i].bar.close, naive[i].bar.close);
      EXPECT_EQ(found[i].bar.volume, naive[i].bar.volume);
      EXPECT_EQ(found[i].bar.high, naive[i].bar.high);
    }
    const std::vector<Kline> last_ones = series.find(longer, {.limit = 3}, ns - 1);
    ASSERT_EQ(last_ones.size(), std::min<std::size_t>(3, naive.size()));
    EXPECT_EQ(last_ones.front().open_ns, naive[naive.size() - last_ones.size()].open_ns) << longer.name();
  }
}

}  // namespace
}  // namespace hftsim::exchange
