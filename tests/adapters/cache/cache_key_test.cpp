#include "adapters/cache/cache_key.h"

#include "adapters/cache/cache_root.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

TEST(CacheKey, IsReadAsItIsWritten) {
  for (const char* text : {"BTCUSDT/1m", "usdm/BTCUSDT/4h", "ETHUSDT/trades", "usdm/1000SHIBUSDT/trades"}) {
    EXPECT_EQ(name_of(parse_cache_key(text, "--data")), text);
  }
  EXPECT_EQ(name_of(parse_cache_key("spot/BTCUSDT/60s", "--data")), "BTCUSDT/1m");
}

TEST(CacheKey, LiesWhereHivePartitioningReadsItBack) {
  const auto folder = [](const char* text) {
    return folder_of(parse_cache_key(text, "")).string();
  };
  EXPECT_EQ(folder("BTCUSDT/1m"), "klines/symbol=BTCUSDT/interval=1m");
  EXPECT_EQ(folder("usdm/BTCUSDT/1d"), "usdm/klines/symbol=BTCUSDT/interval=1d");
  EXPECT_EQ(folder("BTCUSDT/trades"), "trades/symbol=BTCUSDT");
  EXPECT_EQ(folder("usdm/BTCUSDT/trades"), "usdm/trades/symbol=BTCUSDT");
  for (const char* text : {"BTCUSDT/1m", "usdm/BTCUSDT/1d", "BTCUSDT/trades", "usdm/BTCUSDT/trades"}) {
    const auto key = key_of_folder(folder(text));
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(name_of(*key), text);
  }
  for (const char* other :
       {"", "klines", "klines/symbol=BTCUSDT", "klines/symbol=/interval=1m", "klines/symbol=A/interval=x",
        "klines/symbol=A/interval=60s", "trades/symbol=A/b"}) {
    EXPECT_FALSE(key_of_folder(other)) << other;
  }
}

TEST(CacheKey, RefusesWhatIsNone) {
  const auto said = [](const char* text) {
    return refusal([&] { parse_cache_key(text, "--data"); });
  };
  EXPECT_MENTIONS(said("BTCUSDT"), "--data: got 'BTCUSDT', expected SYMBOL/INTERVAL");
  EXPECT_MENTIONS(said("coinm/BTCUSDT/1m"), "got 'coinm', expected spot or usdm");
  EXPECT_MENTIONS(said("BTCUSDT/1x"), "1x");
  for (const char* text : {"/1m", "../1m", "A=B/1m", "A*/1m", "A B/1m", "A\n/1m", ".A/1m"}) {
    EXPECT_MENTIONS(said(text), "the symbol '");
  }
}

class CacheRootTest : public BarFiles {
 protected:
  void SetUp() override {
    for (const char* name : {"HFTSIM_CACHE", "XDG_CACHE_HOME", "HOME"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value == nullptr ? "" : value);
      setenv(name, ("/of/" + std::string(name)).c_str(), 1);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) value.empty() ? unsetenv(name) : setenv(name, value.c_str(), 1);
  }
  std::vector<std::pair<const char*, std::string>> before_;
};

TEST_F(CacheRootTest, IsTheFirstThatIsGiven) {
  EXPECT_EQ(cache_root("/here").path, "/here");
  EXPECT_EQ(cache_root("/here").source, "--cache");
  EXPECT_EQ(cache_root().path, "/of/HFTSIM_CACHE");
  setenv("HFTSIM_CACHE", "", 1);
  EXPECT_EQ(cache_root().path, "/of/XDG_CACHE_HOME/hftsim");
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(cache_root().path, "/of/HOME/.cache/hftsim");
  EXPECT_EQ(cache_root().source, "HOME");
  unsetenv("HOME");
  EXPECT_MENTIONS(refusal([] { cache_root(); }), "none of HFTSIM_CACHE, XDG_CACHE_HOME and HOME is set");
}

TEST_F(CacheTest, ListsItsKeysAndNamesTheNearestOfOneThatItLacks) {
  EXPECT_TRUE(cache_keys(root()).empty());
  for (const char* text : {"BTCUSDT/1m", "usdm/BTCUSDT/1m", "BTCUSDT/5m"}) {
    cache().save(parse_cache_key(text, ""), minute_bars(0, 1));
  }
  std::filesystem::create_directories(root() / "klines/symbol=EMPTY/interval=1m");
  std::vector<std::string> names;
  for (const CacheKey& key : cache_keys(root())) names.push_back(name_of(key));
  EXPECT_EQ(names, (std::vector<std::string>{"BTCUSDT/1m", "BTCUSDT/5m", "usdm/BTCUSDT/1m"}));
  const std::string said =
      refusal([&] { require_cached(root(), parse_cache_key("BTCUSDT/15m", ""), "--data"); });
  EXPECT_MENTIONS(said, "--data: got 'BTCUSDT/15m', which is not in the cache");
  EXPECT_MENTIONS(said, "did you mean BTCUSDT/1m, BTCUSDT/5m");
}

}  // namespace
}  // namespace hftsim
