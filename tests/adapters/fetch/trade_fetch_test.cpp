#include "adapters/fetch/trade_fetch.h"

#include <gtest/gtest.h>

#include <cstring>

#include "adapters/bar_time.h"
#include "adapters/net/net_errors.h"
#include "tests/adapters/fetch/fake_clock.h"
#include "tests/adapters/fetch/fake_exchange.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::fetch {
namespace {

const std::int64_t kStart = parse_time("2024-01-01");
constexpr std::int64_t kS = kSecond.value;

class TradeFetchTest : public ::testing::Test {
 protected:
  // 20,000 trades in about 20 seconds, across midnight.
  TradeFetchTest() { exchange_.add_trades(kStart - 10 * kS, 20'000, 1'000); }

  void fetch(TimeRange range, std::size_t connections = 3, std::size_t save_trades = 250'000) {
    net::StopSignal stop(&user_stop_);
    test::FakeClock clock(stop);
    std::vector<std::unique_ptr<net::HttpGetter>> getters;
    for (std::size_t i = 0; i < connections; ++i) getters.push_back(exchange_.getter());
    RestSession session(rest_market(key_.market), std::move(getters), clock, {}, 1);
    TradeFetch fetch(session, cache_, stop, {.key = key_, .range = range, .save_trades = save_trades});
    try {
      fetch.run(session.server_time_ns(), [](std::uint64_t, std::uint64_t) {});
    } catch (...) {
      result_ = fetch.result();
      throw;
    }
    result_ = fetch.result();
  }

  std::vector<Event> wanted(TimeRange range) const {
    std::vector<Event> trades = exchange_.trades();
    std::erase_if(trades, [&](const Event& trade) {
      return trade.ts_ns < range.from_ns || trade.ts_ns >= range.to_ns;
    });
    return trades;
  }

  void expect_cached(TimeRange range) const {
    const std::vector<Event> expected = wanted(range);
    std::vector<Event> found, batch(500);
    const auto source = cache_.open(key_);
    while (const std::size_t count = source->read(batch))
      found.insert(found.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].ts_ns, expected[i].ts_ns) << i;
      ASSERT_EQ(found[i].flags & kBuyerIsMaker, expected[i].flags & kBuyerIsMaker) << i;
      ASSERT_EQ(std::memcmp(&found[i].trade, &expected[i].trade, sizeof found[i].trade), 0) << i;
    }
  }

  TemporaryFolder folder_;
  CacheKey key_{Market::spot, "BTCUSDT", kTrades};
  TradeCache cache_{folder_.path() / "cache"};
  test::FakeExchange exchange_{"BTCUSDT", kMinute};
  std::atomic<bool> user_stop_{false};
  TradeFetchResult result_;
};

TEST_F(TradeFetchTest, StoresTheVeryTradesOfAStretch) {
  const TimeRange range{kStart - 5 * kS, kStart + 4 * kS};
  fetch(range);
  EXPECT_EQ(result_.received, wanted(range).size());
  EXPECT_GT(result_.received, 5'000u);
  EXPECT_EQ(result_.ids_missing, 0u);
  expect_cached(range);
  exchange_.forget_asked();
  fetch(range);
  EXPECT_TRUE(exchange_.asked("aggTrades").empty());
}

TEST_F(TradeFetchTest, AsksForTheRestOfAnAnswerThatEndsEarly) {
  exchange_.trades_max = 300;
  const TimeRange range{kStart - 5 * kS, kStart + 4 * kS};
  fetch(range);
  EXPECT_EQ(result_.ids_missing, 0u);
  expect_cached(range);
}

TEST_F(TradeFetchTest, EndsWithTheMostRecentTrade) {
  const TimeRange range{kStart, kStart + 3'600 * kS};
  fetch(range);
  expect_cached(range);
}

TEST_F(TradeFetchTest, FindsNothingWhereThereIsNothingAndRemembers) {
  fetch({kStart + 3'600 * kS, kStart + 7'200 * kS});
  EXPECT_EQ(result_.received, 0u);
  exchange_.forget_asked();
  fetch({kStart + 3'600 * kS, kStart + 7'200 * kS});
  EXPECT_TRUE(exchange_.asked("aggTrades").empty());
}

TEST_F(TradeFetchTest, GoesOnWhereItWasInterrupted) {
  const TimeRange range{kStart - 10 * kS, kStart + 60 * kS};
  exchange_.fault = [this](const std::string&, int nth) -> std::optional<net::HttpResponse> {
    if (nth == 10) user_stop_ = true;
    return std::nullopt;
  };
  EXPECT_THROW(fetch(range, 1, 2'000), net::Interrupted);
  EXPECT_GT(result_.received, 0u);
  EXPECT_LT(result_.received, 20'000u);
  user_stop_ = false;
  exchange_.fault = {};
  fetch(range);
  EXPECT_LT(result_.received, 20'000u);
  expect_cached(range);
}

TEST_F(TradeFetchTest, LeavesOutTheLastSecondsThatMayBeIncomplete) {
  exchange_.now_ns = kStart + 5 * kS;
  fetch({kStart - 10 * kS, kStart + 60 * kS});
  expect_cached({kStart - 10 * kS, kStart - 5 * kS});
}

}  // namespace
}  // namespace hftsim::fetch
