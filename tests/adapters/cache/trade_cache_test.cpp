#include "adapters/cache/trade_cache.h"

#include <fmt/format.h>

#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

const CacheKey kKey{Market::usdm, "BTCUSDT", kTrades};
const Instrument kInstrument{.symbol = "BTCUSDT", .price_step = {1, 2}, .quantity_step = {1, 3}};

// One every 10 s from the start of 2024 on.
std::vector<Event> trades(std::int64_t first, std::int64_t count) {
  std::vector<Event> events;
  for (std::int64_t i = first; i < first + count; ++i) {
    Event event{};
    event.ts_ns = event.recv_ns = kStart2024 + i * 10 * kSecond.value;
    event.kind = EventKind::trade;
    event.flags = i % 3 == 0 ? kBuyerIsMaker : 0;
    const auto id = static_cast<std::uint64_t>(1000 + i);
    event.trade = {4'212'345 + i % 100, 1 + i % 7, id, 2 * id, 2 * id + 1};
    events.push_back(event);
  }
  return events;
}

// The same counted in steps of 1e-8.
std::vector<Event> in_units(std::vector<Event> events) {
  for (Event& event : events) {
    event.trade.price_ticks *= 1'000'000;
    event.trade.quantity_lots *= 100'000;
  }
  return events;
}

void expect_same(const std::vector<Event>& found, const std::vector<Event>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(std::memcmp(&found[i], &expected[i], sizeof(Event)), 0) << i;
}

class TradeCacheTest : public BarFiles {
 protected:
  TradeCache cache() const { return TradeCache(path("cache")); }
  std::vector<Event> all(TimeRange whole = kAllTimes) const {
    const auto source = cache().open(kKey, whole);
    return read_all(*source, 100);
  }
};

TEST_F(TradeCacheTest, GivesBackEveryTradeOnceInTheOrderOfTheIds) {
  std::vector<Event> late = trades(5000, 10'000), early = trades(0, 6000);
  EXPECT_EQ(cache().save(kKey, kInstrument, late).added, 10'000u);
  const CacheSaved saved = cache().save(kKey, kInstrument, early);
  EXPECT_EQ(saved.added, 5000u);
  EXPECT_EQ(saved.repeated, 1000u);
  EXPECT_EQ(CacheFiles(cache().root(), kKey).present().size(), 2u) << "a file per day";
  expect_same(all(), in_units(trades(0, 15'000)));
  const TimeRange some{late[10].ts_ns, late[5000].ts_ns};
  expect_same(all(some), in_units({late.begin() + 10, late.begin() + 5000}));
  EXPECT_EQ(cache().open(kKey)->instruments().front().price_step, (DecimalStep{1, 8}));
}

TEST_F(TradeCacheTest, HoldsExactDecimals) {
  cache().save(kKey, kInstrument, trades(0, 1));
  const std::filesystem::path file = cache().root() / "usdm/trades/symbol=BTCUSDT/2024-01-01.parquet";
  DuckDbConnection connection;
  DuckDbResult result = connection.stream(
      "SELECT CAST(price AS VARCHAR) || ' ' || CAST(quantity AS VARCHAR) || ' ' || "
      "typeof(price) || ' ' || typeof(quantity) FROM " +
      parquet_table(file));
  ASSERT_TRUE(result.next());
  EXPECT_EQ(text_of(static_cast<const duckdb_string_t*>(result.data(0))[0]),
            "42123.45000000 0.00100000 DECIMAL(18,8) DECIMAL(20,8)");
}

TEST_F(TradeCacheTest, RefusesWhatTheColumnsCannotHold) {
  std::vector<Event> one = trades(0, 1);
  const auto said = [&](DecimalStep price, DecimalStep quantity) {
    Instrument instrument = kInstrument;
    instrument.price_step = price;
    instrument.quantity_step = quantity;
    return refusal([&] { cache().save(kKey, instrument, one); });
  };
  EXPECT_MENTIONS(said({1, 9}, {1, 3}), "trade 1000: got price 0.004212345");
  one[0].trade.price_ticks = 42'123;
  one[0].trade.quantity_lots = 1'000'000'000'000;
  EXPECT_MENTIONS(said({1, 2}, {1, 0}), "quantity 1000000000000");
  one[0].trade.quantity_lots = 90'000'000'000;  // of a coin that is worth nothing
  Instrument whole = kInstrument;
  whole.quantity_step = {1, 0};
  cache().save(kKey, whole, one);
  EXPECT_EQ(all().front().trade.quantity_lots, 9'000'000'000'000'000'000);
}

TEST_F(TradeCacheTest, OnlyAskingSaysThatThereIsNothing) {
  const std::int64_t hour = 3600 * kSecond.value;
  cache().save(kKey, kInstrument, trades(0, 10));
  EXPECT_EQ(cache().missing(kKey, {kStart2024, kStart2024 + hour}),
            TimeRanges({{kStart2024, kStart2024 + hour}}));
  cache().save(kKey, kInstrument, {}, {kStart2024, kStart2024 + 30 * hour});
  EXPECT_EQ(cache().missing(kKey, {kStart2024, kStart2024 + 40 * hour}),
            TimeRanges({{kStart2024 + 30 * hour, kStart2024 + 40 * hour}}));
  EXPECT_EQ(all().size(), 10u);
}

TEST_F(TradeCacheTest, NamesADamagedFileAndWhatToDo) {
  cache().save(kKey, kInstrument, trades(0, 5000));
  const std::filesystem::path file = cache().root() / "usdm/trades/symbol=BTCUSDT/2024-01-01.parquet";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 9);
  const std::string said = refusal([&] { all(); });
  EXPECT_MENTIONS(said, "2024-01-01.parquet");
  EXPECT_MENTIONS(said, "remove it and fetch usdm/BTCUSDT/trades again");
  EXPECT_MENTIONS(refusal([&] {
                    cache().open({Market::spot, "BTCUSDT", kTrades});
                  }),
                  "did you mean usdm/BTCUSDT/trades");
}

}  // namespace
}  // namespace hftsim
