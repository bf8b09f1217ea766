// Whoever reads beside a saver sees a file as it was or as it is, never parts of both.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "adapters/cache/trade_cache.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

constexpr int kReadings = 80;

// Another process that gives two files one name in turn, as a saver does, until the object goes.
class Replacing {
 public:
  Replacing(const std::filesystem::path& target, const std::filesystem::path& a,
            const std::filesystem::path& b)
      : child_(::fork()) {
    if (child_ == 0) replace(target.c_str(), (target.string() + ".new").c_str(), a.c_str(), b.c_str());
  }
  ~Replacing() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Replacing(const Replacing&) = delete;
  Replacing& operator=(const Replacing&) = delete;

 private:
  [[noreturn]] static void replace(const char* target, const char* staged, const char* a, const char* b) {
    for (bool first = true;; first = !first) {
      if (::link(first ? a : b, staged) != 0 || ::rename(staged, target) != 0) ::_exit(1);
      ::usleep(50);
    }
  }

  pid_t child_;
};

TEST_F(CacheTest, BarsReadBesideASaverAreOfOneVersion) {
  cache().save(key_, minute_bars(0, 3000));
  std::filesystem::copy_file(file("2024-01.parquet"), path("short"));
  cache().save(key_, minute_bars(0, 9000, 0.5));
  std::filesystem::copy_file(file("2024-01.parquet"), path("long"));
  const Replacing replacing(file("2024-01.parquet"), path("short"), path("long"));
  std::size_t counts[2] = {0, 0};
  for (int i = 0; i < kReadings; ++i) {
    const std::vector<Event> bars = bars_of(cache());
    const bool is_long = bars.size() == 9000;
    ++counts[is_long];
    expect_same_bars(bars, is_long ? minute_bars(0, 9000, 0.5) : minute_bars(0, 3000));
    EXPECT_FALSE(cache().present(key_).is_empty());
  }
  EXPECT_GT(counts[0], 0u);
  EXPECT_GT(counts[1], 0u);
}

TEST_F(CacheTest, TradesReadBesideASaverAreOfOneVersion) {
  const CacheKey key{Market::spot, "BTCUSDT", kTrades};
  const Instrument instrument{.symbol = "BTCUSDT", .price_step = {1, 2}, .quantity_step = {1, 3}};
  const TradeCache trades(path("cache"));
  const auto save = [&](std::uint64_t count) {
    std::vector<Event> events(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      events[i].ts_ns = kStart2024 + static_cast<std::int64_t>(i) * kSecond.value;
      events[i].kind = EventKind::trade;
      events[i].trade = {static_cast<std::int64_t>(count + i), 1, i + 1, i, i};
    }
    TradeCache(path("cache")).save(key, instrument, events);
  };
  save(3000);
  const std::filesystem::path target = CacheFiles(path("cache"), key).present().front().path;
  std::filesystem::copy_file(target, path("short"));
  save(9000);
  std::filesystem::copy_file(target, path("long"));
  const Replacing replacing(target, path("short"), path("long"));
  for (int i = 0; i < kReadings; ++i) {
    const auto source = trades.open(key);
    const std::vector<Event> read = read_all(*source, 100);
    ASSERT_TRUE(read.size() == 3000 || read.size() == 9000) << read.size();
    for (std::size_t at = 0; at < read.size(); ++at)
      ASSERT_EQ(read[at].trade.price_ticks, static_cast<std::int64_t>(read.size() + at) * 1'000'000);
  }
}

}  // namespace
}  // namespace hftsim
