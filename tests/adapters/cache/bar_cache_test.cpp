#include "adapters/cache/bar_cache.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "adapters/bar_writer.h"
#include "adapters/cache/cache_footer.h"
#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

constexpr std::int64_t kJanuary = 31 * 24 * 60;  // minutes

TEST_F(CacheTest, GivesBackEveryBitOfEveryBarAcrossFiles) {
  const std::vector<Event> bars = minute_bars(kJanuary - 3000, 5000);
  const CacheSaved saved = cache().save(key_, bars);
  EXPECT_EQ(saved.added, 5000u);
  EXPECT_EQ(saved.repeated + saved.replaced, 0u);
  EXPECT_EQ(names(), (std::vector<std::string>{"2024-01.parquet", "2024-02.parquet"}));
  expect_same_bars(bars_of(cache()), bars);
  const auto source = cache().open(key_);
  EXPECT_EQ(source->size_hint(), 5000u);
  EXPECT_EQ(source->instruments().front().symbol, "BTCUSDT");
  EXPECT_EQ(source->interval(), kMinute);
}

TEST_F(CacheTest, MergesSortsAndKeepsEachBarOnce) {
  std::vector<Event> bars = minute_bars(0, 500);
  std::mt19937_64 random(5);
  std::vector<Event> shuffled = bars;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  CacheSaved total;
  for (std::size_t from = 0; from < 500; from += 100) {  // each piece with 20 bars of the next
    const auto piece = std::span(shuffled).subspan(from, std::min<std::size_t>(120, 500 - from));
    total.merge(cache().save(key_, piece));
  }
  EXPECT_EQ(total.added, 500u);
  EXPECT_EQ(total.repeated, 80u);
  EXPECT_EQ(total.replaced, 0u);
  expect_same_bars(bars_of(cache()), bars);
}

TEST_F(CacheTest, TheNewestOfTwoBarsStaysAndIsCounted) {
  cache().save(key_, minute_bars(0, 10));
  const std::vector<Event> others = minute_bars(4, 2, 0.5);
  const CacheSaved saved = cache().save(key_, others);
  EXPECT_EQ(saved.added, 0u);
  EXPECT_EQ(saved.replaced, 2u);
  EXPECT_EQ(saved.first_replaced.front().value, minutes(4, 5).from_ns);
  std::vector<Event> expected = minute_bars(0, 10);
  expected[4] = others[0];
  expected[5] = others[1];
  expect_same_bars(bars_of(cache()), expected);

  std::vector<Event> twice = minute_bars(20, 1);
  twice.push_back(minute_bars(20, 1, 1).front());
  EXPECT_EQ(cache().save(key_, twice).replaced, 1u);
  EXPECT_EQ(bars_of(cache(), minutes(20, 21)).front().bar.open, twice[1].bar.open);
}

TEST_F(CacheTest, SavingTheSameAgainTouchesNoFile) {
  cache().save(key_, minute_bars(0, 100), minutes(0, 120));
  const auto before = std::filesystem::last_write_time(file("2024-01.parquet"));
  std::filesystem::last_write_time(file("2024-01.parquet"), before - std::chrono::hours(1));
  EXPECT_EQ(cache().save(key_, minute_bars(0, 100), minutes(0, 120)).repeated, 100u);
  EXPECT_EQ(std::filesystem::last_write_time(file("2024-01.parquet")), before - std::chrono::hours(1));
}

TEST_F(CacheTest, SaysWhatIsMissingAndRemembersWhatTheExchangeHasNot) {
  EXPECT_EQ(cache().missing(key_, minutes(0, 10)), TimeRanges({minutes(0, 10)}));
  cache().save(key_, minute_bars(10, 5));
  EXPECT_EQ(cache().missing(key_, minutes(0, 30)), TimeRanges({minutes(0, 10), minutes(15, 30)}));
  std::vector<Event> with_hole = minute_bars(15, 10);
  with_hole.erase(with_hole.begin() + 3);
  cache().save(key_, with_hole, minutes(15, 25));
  EXPECT_EQ(cache().missing(key_, minutes(0, 30)), TimeRanges({minutes(0, 10), minutes(25, 30)}));
  EXPECT_EQ(cache().present(key_), TimeRanges({minutes(10, 18), minutes(19, 25)}));
  cache().save(key_, {}, minutes(-kJanuary, 10));  // before the listing there is nothing
  EXPECT_EQ(cache().missing(key_, minutes(-kJanuary, 25)), TimeRanges());
  EXPECT_EQ(bars_of(cache()).size(), 14u) << "a file without a bar is no end";
}

TEST_F(CacheTest, CutsToTheTimesAskedFor) {
  const std::vector<Event> bars = minute_bars(kJanuary - 3000, 6000);
  cache().save(key_, bars);
  for (const auto& [from, to] : {std::pair{100, 4000}, {0, 1}, {2999, 3001}, {2048, 2049}, {5999, 6000}}) {
    const auto found = bars_of(cache(), minutes(kJanuary - 3000 + from, kJanuary - 3000 + to));
    expect_same_bars(found, {bars.begin() + from, bars.begin() + to});
  }
  EXPECT_MENTIONS(refusal([&] { bars_of(cache(), minutes(10 * kJanuary, 11 * kJanuary)); }),
                  "cache:BTCUSDT/1m: got no bars of that time");
}

TEST_F(CacheTest, NamesFileAndRowOfABarThatThePolicyRejects) {
  std::vector<Event> bars = minute_bars(kJanuary - 10, 20);
  bars[15].bar.high = 1;
  cache().save(key_, bars);
  const std::string said = refusal([&] {
    const auto source = cache().open(key_, {}, minutes(kJanuary - 5, kJanuary + 10));
    read_all(*source);
  });
  EXPECT_MENTIONS(said, "2024-02.parquet row 6");
}

TEST_F(CacheTest, StoresCompactlyOnRequestAndStaysSo) {
  std::vector<Event> bars = minute_bars(0, 3000);
  cache().save(key_, bars);
  const auto exact_bytes = std::filesystem::file_size(file("2024-01.parquet"));
  const CacheSaved saved = cache().save(key_, bars, {}, CacheStorage::compact);
  EXPECT_EQ(saved.repeated, 3000u) << "the same but for what float32 cannot hold";
  EXPECT_LT(std::filesystem::file_size(file("2024-01.parquet")), exact_bytes);
  DuckDbConnection connection;
  const auto columns = connection.describe("SELECT * FROM " + parquet_table(file("2024-01.parquet")));
  EXPECT_EQ(columns[1].type, DUCKDB_TYPE_FLOAT);
  EXPECT_EQ(columns[6].type, DUCKDB_TYPE_INTEGER);
  EXPECT_EQ(cache().save(key_, minute_bars(2000, 2000)).repeated, 1000u);
  for (Event& bar : bars = minute_bars(0, 4000)) {
    for (double* value : {&bar.bar.open, &bar.bar.high, &bar.bar.low, &bar.bar.close, &bar.bar.volume})
      *value = static_cast<double>(static_cast<float>(*value));
  }
  expect_same_bars(bars_of(cache()), bars);
  EXPECT_EQ(storage_of_bar_file(file("2024-01.parquet")), CacheStorage::compact);
}

TEST_F(CacheTest, ACompactFileLeavesTheOthersExact) {
  const std::vector<Event> february = minute_bars(kJanuary, 100);
  cache().save(key_, february);
  cache().save(key_, minute_bars(0, 100), {}, CacheStorage::compact);
  EXPECT_EQ(cache().save(key_, minute_bars(kJanuary + 100, 1)).added, 1u);
  EXPECT_EQ(storage_of_bar_file(file("2024-01.parquet")), CacheStorage::compact);
  EXPECT_EQ(storage_of_bar_file(file("2024-02.parquet")), CacheStorage::exact);
  expect_same_bars(bars_of(cache(), minutes(kJanuary, kJanuary + 100)), february);
}

TEST_F(CacheTest, KeepsThatASourceHasNoTradeCount) {
  std::vector<Event> bars = minute_bars(0, 3);
  bars[1].trades = 0;
  bars[1].flags = kNoTradeCount;
  for (const CacheStorage storage : {CacheStorage::exact, CacheStorage::compact}) {
    cache().save(key_, bars, {}, storage);
    const auto found = bars_of(cache());
    EXPECT_TRUE(found[1].has(kNoTradeCount));
    EXPECT_FALSE(found[2].has(kNoTradeCount));
  }
}

TEST_F(CacheTest, TakesFilesOfOtherPrograms) {
  std::filesystem::create_directories(file("x").parent_path());
  DuckDbConnection connection;
  connection.execute(
      "COPY (SELECT * FROM (VALUES (1704067320000, 1.5, 2.0, 1.0, 1.25, 3.0), "
      "(1704067200000, 1.0, 2.0, 0.5, 1.5, 4.0), (1704067200000, 1.0, 2.0, 0.5, 1.75, 4.0)) "
      "t(open_time, o, h, l, c, v)) TO " +
      quote_literal(file("2024-01.parquet").string()) + " (FORMAT parquet)");
  EXPECT_EQ(cache().missing(key_, minutes(0, 3)), TimeRanges({minutes(1, 2)}));
  cache().save(key_, minute_bars(1, 1));
  const auto found = bars_of(cache());
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].bar.close, 1.75) << "the last of two of the same time";
  EXPECT_TRUE(found[0].has(kNoTradeCount));
  EXPECT_EQ(found[2].bar.open, 1.5);
}

TEST_F(CacheTest, NamesADamagedFileAndWhatToDo) {
  cache().save(key_, minute_bars(0, 5000));
  cache().save(key_, minute_bars(kJanuary, 10));
  const std::filesystem::path damaged = file("2024-01.parquet");
  const auto bytes = std::filesystem::file_size(damaged);
  const auto expect_advice = [&](const auto& action) {
    const std::string said = refusal(action);
    EXPECT_MENTIONS(said, "2024-01.parquet");
    EXPECT_MENTIONS(said, "remove it and fetch BTCUSDT/1m again");
  };
  const auto expect_all_refuse = [&] {
    expect_advice([&] { bars_of(cache()); });
    expect_advice([&] { cache().save(key_, minute_bars(0, 1, 1)); });
    EXPECT_EQ(bars_of(cache(), minutes(kJanuary, kJanuary + 10)).size(), 10u) << "of other files";
  };
  std::filesystem::resize_file(damaged, bytes - 20);
  expect_all_refuse();
  write(std::filesystem::relative(damaged, path("")).string(), "no Parquet");
  expect_all_refuse();
  std::filesystem::resize_file(damaged, 0);
  expect_all_refuse();
}

TEST_F(CacheTest, NamesAPageThatIsDamagedWhereItIsRead) {
  cache().save(key_, minute_bars(0, 5000));
  {
    std::fstream damaged(file("2024-01.parquet"), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(4);  // the first page's header
    damaged << std::string(100, '\xff');
  }
  const std::string said = refusal([&] { bars_of(cache()); });
  EXPECT_MENTIONS(said, "2024-01.parquet");
  EXPECT_MENTIONS(said, "remove it and fetch BTCUSDT/1m again");
}

// Parquet has no checksum of its own: flipped bytes of a number that is not compressed are a number.
TEST_F(CacheTest, RefusesToSaveOverRowsThatChangedUnderneath) {
  cache().save(key_, minute_bars(0, 5000));
  {
    std::fstream damaged(file("2024-01.parquet"), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file("2024-01.parquet")) / 2));
    damaged << std::string(16, '\x55');
  }
  EXPECT_MENTIONS(refusal([&] { cache().save(key_, minute_bars(5000, 1)); }), "the file is damaged");
}

TEST_F(CacheTest, ARootThatCannotBeWrittenIsReadAndRefusesToSave) {
  write("cache", "a file");
  EXPECT_MENTIONS(refusal([&] { cache().save(key_, minute_bars(0, 1)); }), "the cache cannot be written");
  std::filesystem::remove(root());
  cache().save(key_, minute_bars(0, 5));
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const auto folder = file("2024-01.parquet").parent_path();
  std::filesystem::permissions(folder,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_MENTIONS(refusal([&] { cache().save(key_, minute_bars(5, 1)); }), folder.string());
  EXPECT_EQ(bars_of(cache()).size(), 5u);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

// A limit on the size of files stands in for a full disk: writing fails at the same place, with EFBIG.
TEST_F(CacheTest, AFullDiskChangesNothing) {
  const std::vector<Event> before = minute_bars(kJanuary - 100, 200);
  cache().save(key_, before);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{64 * 1024, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string said;
  try {
    cache().save(key_, minute_bars(kJanuary - 5000, 40'000, 0.25));  // small in January, large in February
  } catch (const IoFailure& failure) {
    said = failure.what();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  EXPECT_MENTIONS(said, "cannot be written");
  expect_same_bars(bars_of(cache()), before);
  EXPECT_FALSE(std::filesystem::exists(file(".2024-01.parquet.part")));
  EXPECT_FALSE(std::filesystem::exists(file(".2024-02.parquet.part")));
}

}  // namespace
}  // namespace hftsim
