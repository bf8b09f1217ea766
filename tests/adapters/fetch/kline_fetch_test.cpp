#include "adapters/fetch/kline_fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "adapters/bar_time.h"
#include "adapters/net/net_errors.h"
#include "engine/core/rng.h"
#include "tests/adapters/fetch/fake_clock.h"
#include "tests/adapters/fetch/fake_exchange.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::fetch {
namespace {

using test::FakeExchange;
using test::parameter;
using ::testing::HasSubstr;

constexpr std::int64_t kM = kMinute.value;
const std::int64_t kStart = parse_time("2024-01-01");

bool same(const Event& a, const Event& b) {
  return a.ts_ns == b.ts_ns && a.trades == b.trades && std::memcmp(&a.bar, &b.bar, sizeof a.bar) == 0;
}

class KlineFetchTest : public ::testing::Test {
 protected:
  KlineFetchTest() { exchange_.add_bars(kStart, 5'500); }

  // One whole fetch; what it did is in result_ and counts_ even where it throws.
  void fetch(TimeRange range, std::size_t connections = 3, bool refresh = false,
             std::size_t save_bars = 50'000) {
    net::StopSignal stop(&user_stop_);
    test::FakeClock clock(stop);
    std::vector<std::unique_ptr<net::HttpGetter>> getters;
    for (std::size_t i = 0; i < connections; ++i) getters.push_back(exchange_.getter());
    RestSession session(rest_market(key_.market), std::move(getters), clock, {}, 1);
    KlineFetch fetch(session, cache_, stop,
                     {.key = key_, .range = range, .refresh = refresh, .save_bars = save_bars});
    const auto keep = [&] {
      result_ = fetch.result();
      counts_ = session.counts();
    };
    try {
      fetch.run(session.server_time_ns(), [](std::uint64_t, std::uint64_t) {});
    } catch (...) {
      keep();
      throw;
    }
    keep();
  }

  std::vector<Event> cached() const {
    std::vector<Event> events, batch(500);
    const auto reader = cache_.open(key_, {.policy = DataPolicy::skip});
    while (const std::size_t count = reader->read(batch))
      events.insert(events.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    return events;
  }

  // The cache holds the exchange's bars with these open times, and no others.
  void expect_cached(TimeRange range) const {
    std::vector<Event> wanted = exchange_.bars();
    std::erase_if(wanted, [&](const Event& bar) {
      return bar.ts_ns - kM < range.from_ns || bar.ts_ns - kM >= range.to_ns;
    });
    const std::vector<Event> found = cached();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) ASSERT_TRUE(same(found[i], wanted[i])) << i;
  }

  static TimeRange minutes(std::int64_t from, std::int64_t to) {
    return {kStart + from * kM, kStart + to * kM};
  }

  TemporaryFolder folder_;
  CacheKey key_{Market::spot, "BTCUSDT", kMinute};
  BarCache cache_{folder_.path() / "cache"};
  FakeExchange exchange_{"BTCUSDT", kMinute};
  std::atomic<bool> user_stop_{false};
  KlineFetchResult result_;
  FetchCounts counts_;
};

TEST_F(KlineFetchTest, StoresTheVeryBarsOfTheExchange) {
  fetch(minutes(0, 4'500));
  EXPECT_EQ(result_.asked, 4'500u);
  EXPECT_EQ(result_.received, 4'500u);
  EXPECT_EQ(result_.saved.added, 4'500u);
  EXPECT_EQ(result_.holes, 0u);
  expect_cached(minutes(0, 4'500));
  EXPECT_EQ(exchange_.asked("/api/v3/klines?").size(), 6u);  // one of them for the first bar
}

TEST_F(KlineFetchTest, AsksForNothingASecondTime) {
  fetch(minutes(0, 4'500));
  exchange_.forget_asked();
  fetch(minutes(0, 4'500));
  EXPECT_TRUE(exchange_.asked("klines").empty());
  EXPECT_EQ(result_.asked, 0u);
}

TEST_F(KlineFetchTest, AsksOnlyForWhatIsMissing) {
  fetch(minutes(1'000, 2'000));
  fetch(minutes(3'000, 3'100));
  exchange_.forget_asked();
  fetch(minutes(500, 3'600));
  EXPECT_EQ(result_.asked, 3'100u - 1'100u);
  for (const std::string& target : exchange_.asked("klines")) {
    const std::int64_t first = (std::stoll(*parameter(target, "startTime")) * 1'000'000 - kStart) / kM;
    EXPECT_TRUE(first == 500 || first == 2'000 || first == 3'100) << target;
  }
  expect_cached(minutes(500, 3'600));
}

TEST_F(KlineFetchTest, NeverStoresTheBarThatIsStillOpen) {
  exchange_.now_ns = kStart + 100 * kM + 59 * kSecond.value;
  fetch(minutes(0, 5'000));
  expect_cached(minutes(0, 100));
  exchange_.add_bars(kStart + 100 * kM, 1, 99);  // the open bar becomes another until it closes
  exchange_.now_ns = kStart + 101 * kM;
  fetch(minutes(0, 5'000));
  EXPECT_EQ(result_.asked, 1u);
  expect_cached(minutes(0, 101));
}

TEST_F(KlineFetchTest, RemembersTheHolesOfTheExchange) {
  exchange_.remove_bars(kStart + 700 * kM, kStart + 720 * kM);
  exchange_.remove_bars(kStart + 1'500 * kM, kStart + 3'200 * kM);
  fetch(minutes(0, 4'500));
  EXPECT_EQ(result_.holes, 20u + 1'700u);
  expect_cached(minutes(0, 4'500));
  exchange_.forget_asked();
  fetch(minutes(0, 4'500));
  EXPECT_TRUE(exchange_.asked("klines").empty());
}

TEST_F(KlineFetchTest, AsksAgainForTheNewestBarsThatAreNotThereYet) {
  exchange_.now_ns = kStart + 100 * kM;
  exchange_.remove_bars(kStart + 97 * kM, kStart + 100 * kM);
  fetch(minutes(0, 100));
  EXPECT_EQ(result_.holes, 0u);
  EXPECT_EQ(result_.unsettled, 3u);
  exchange_.add_bars(kStart + 97 * kM, 3);
  fetch(minutes(0, 100));
  EXPECT_EQ(result_.received, 3u);
  expect_cached(minutes(0, 100));
}

TEST_F(KlineFetchTest, DoesNotAskPageByPageForTheTimeBeforeTheFirstBar) {
  fetch({kStart - 365 * kDay.value, kStart + 500 * kM});
  EXPECT_EQ(exchange_.asked("klines").size(), 2u);
  EXPECT_EQ(result_.holes, 365u * 1'440u);
  expect_cached(minutes(0, 500));
  exchange_.forget_asked();
  fetch({kStart - 365 * kDay.value, kStart + 500 * kM});
  EXPECT_TRUE(exchange_.asked("klines").empty());
}

TEST_F(KlineFetchTest, ComesThroughRefusalsAndBrokenConnections) {
  RandomStream random(5, "faults");
  exchange_.fault = [&](const std::string& target, int) -> std::optional<net::HttpResponse> {
    const double dice = random.uniform();
    if (dice < 0.15) return net::HttpResponse{.status = 429, .fields = {{"Retry-After", "2"}}, .body = ""};
    if (dice < 0.25) throw net::ConnectionBroken(target + ": connection closed");
    if (dice < 0.3) return net::HttpResponse{.status = 502, .fields = {}, .body = "<html>"};
    return std::nullopt;
  };
  exchange_.add_bars(kStart, 43'200);
  fetch(minutes(0, 43'200), 4);
  EXPECT_GT(counts_.too_many, 0u);
  EXPECT_GT(counts_.broken, 0u);
  EXPECT_GT(counts_.failing, 0u);
  EXPECT_EQ(result_.received, 43'200u);
  expect_cached(minutes(0, 43'200));
}

TEST_F(KlineFetchTest, GoesOnWhereItWasInterrupted) {
  exchange_.fault = [this](const std::string&, int nth) -> std::optional<net::HttpResponse> {
    if (nth == 5) user_stop_ = true;
    return std::nullopt;
  };
  EXPECT_THROW(fetch(minutes(0, 5'500), 1), net::Interrupted);
  EXPECT_GE(result_.received, 2'000u);
  EXPECT_LT(result_.received, 5'500u);
  expect_cached({kStart, kStart + static_cast<std::int64_t>(result_.received) * kM});
  const std::uint64_t before = result_.received;
  user_stop_ = false;
  exchange_.fault = {};
  fetch(minutes(0, 5'500));
  EXPECT_EQ(result_.asked, 5'500u - before);
  expect_cached(minutes(0, 5'500));
}

// Nobody is asked for the sixth page before the second is saved: time, the first bar, and six pages.
TEST_F(KlineFetchTest, SavesPieceByPiece) {
  std::size_t at_last_page = 0;
  exchange_.fault = [&](const std::string&, int nth) -> std::optional<net::HttpResponse> {
    if (nth == 8) at_last_page = cached().size();
    return std::nullopt;
  };
  fetch(minutes(0, 5'500), 1, false, 1'000);
  EXPECT_GE(at_last_page, 2'000u);
  EXPECT_LT(at_last_page, 5'500u);
}

TEST_F(KlineFetchTest, TakesNoCapOfAServerForAHole) {
  exchange_.klines_max = 300;
  fetch(minutes(0, 2'500));
  EXPECT_EQ(result_.holes, 0u);
  expect_cached(minutes(0, 2'500));
}

TEST_F(KlineFetchTest, KeepsWhatCameBeforeItGaveUp) {
  exchange_.fault = [](const std::string& target, int) -> std::optional<net::HttpResponse> {
    const std::int64_t first = std::stoll(parameter(target, "startTime").value_or("0")) * 1'000'000 - kStart;
    if (first >= 3'000 * kM) return net::HttpResponse{.status = 503, .fields = {}, .body = ""};
    return std::nullopt;
  };
  EXPECT_THROW(fetch(minutes(0, 5'500)), IoFailure);
  expect_cached(minutes(0, 3'000));
}

TEST_F(KlineFetchTest, StoresNothingOfAPageThatIsNotSound) {
  exchange_.fault = [](const std::string& target, int) -> std::optional<net::HttpResponse> {
    const std::int64_t first = std::stoll(parameter(target, "startTime").value_or("0")) * 1'000'000 - kStart;
    if (first == 2'000 * kM) return net::HttpResponse{.status = 200, .fields = {}, .body = "[[1,2]]"};
    return std::nullopt;
  };
  EXPECT_THROW(fetch(minutes(0, 5'500)), BadInput);
  expect_cached(minutes(0, 2'000));
}

TEST_F(KlineFetchTest, RefreshReplacesWhatTheExchangeCorrected) {
  fetch(minutes(0, 1'000));
  exchange_.add_bars(kStart + 10 * kM, 5, 77);
  fetch(minutes(0, 1'000));
  EXPECT_EQ(result_.asked, 0u);
  fetch(minutes(0, 1'000), 2, true);
  EXPECT_EQ(result_.saved.replaced, 5u);
  EXPECT_EQ(result_.saved.repeated, 995u);
  expect_cached(minutes(0, 1'000));
}

TEST_F(KlineFetchTest, NamesTheNearestSymbolsForAnUnknownOne) {
  key_.symbol = "BTCUSD";
  try {
    fetch(minutes(0, 100));
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), HasSubstr("no symbol 'BTCUSD' (did you mean BTCUSDT"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "cache"));
}

TEST_F(KlineFetchTest, AsksTheFuturesMarketInItsWay) {
  key_.market = Market::usdm;
  exchange_.klines_max = 1'500;
  fetch(minutes(0, 2'000));
  EXPECT_EQ(exchange_.asked("/fapi/v1/klines").size(), 3u);
  EXPECT_EQ(exchange_.asked("limit=1500").size(), 2u);
  expect_cached(minutes(0, 2'000));
}

}  // namespace
}  // namespace hftsim::fetch
