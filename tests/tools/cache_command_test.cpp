// hftsim cache, and `cache:` where a command takes bars.
#include <nlohmann/json.hpp>

#include "adapters/cache/trade_cache.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;

class CacheCommand : public test::CliTest {
 protected:
  CliResult run(const std::string& arguments, const std::string& before = "") const {
    return hftsim(arguments, before + " HFTSIM_CACHE=kept");
  }
  void expect_done(const std::string& arguments, const std::string& part = "") const {
    const CliResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments << "\n" << result.err;
    EXPECT_MENTIONS(result.out, part);
  }
  void expect_refused(const std::string& arguments, const std::string& part, int exit_code = 2) const {
    const CliResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << arguments;
    EXPECT_MENTIONS(result.out + result.err, part);
  }
  std::string journal_hash(const std::string& data) const {
    const CliResult result = run("backtest --data " + data + " --out none --json");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out).at("journal_hash").get<std::string>();
  }
  void add_generated(int bars) const {
    expect_done("generate --bars " + std::to_string(bars) + " --out BTCUSDT-1m.parquet");
    expect_done("cache add BTCUSDT-1m.parquet", "cache:BTCUSDT/1m: " + std::to_string(bars) + " bars added");
  }
  // The only file below the folder that ends so, relative to this test's folder.
  std::string file(const std::string& below) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder() / below)) {
      if (entry.path().extension() == ".parquet")
        return std::filesystem::relative(entry.path(), folder()).string();
    }
    return "";
  }
};

TEST_F(CacheCommand, TheSameBarsThroughTheCacheGiveTheSameJournal) {
  add_generated(50'000);  // two months
  EXPECT_EQ(journal_hash("cache:BTCUSDT/1m"), journal_hash("BTCUSDT-1m.parquet"));
  expect_done("features --data BTCUSDT-1m.parquet --windows 5,10 --out a.csv");
  expect_done("features --data cache:BTCUSDT/1m --windows 5,10 --out b.csv", "b.csv: 50000 bars");
  EXPECT_EQ(read("a.csv"), read("b.csv"));
}

TEST_F(CacheCommand, ARunOverTheCacheCanBeRepeatedFromItsConfig) {
  add_generated(3000);
  expect_done("backtest --data cache:BTCUSDT/1m --out first --no-report");
  EXPECT_MENTIONS(read("first/config.toml"), "cache:BTCUSDT/1m");
  expect_done("backtest first/config.toml --out second --no-report");
  expect_done("verify first second");
  expect_done("backtest --data cache:BTCUSDT/1m --no-report");
  EXPECT_TRUE(exists("runs/momentum-BTCUSDT-1m-1/config.toml"));
}

TEST_F(CacheCommand, AddingAgainAddsNothing) {
  add_generated(2000);
  expect_done("cache add BTCUSDT-1m.parquet", "0 bars added, 2000 there already, 0 replaced");
  expect_done("cache add BTCUSDT-1m.parquet --compact --market usdm",
              "cache:usdm/BTCUSDT/1m: 2000 bars added");
  expect_done("cache info usdm/BTCUSDT/1m", "float32, int32");
  expect_done("cache ls", "usdm/BTCUSDT/1m");
  expect_done("cache verify", "usdm/BTCUSDT/1m: whole");
}

TEST_F(CacheCommand, SaysWhichBarWasReplaced) {
  auto lines = test::good_lines(10);
  write("X.csv", test::joined(lines));
  expect_done("cache add X.csv", "10 bars added");
  lines[5] = "1704067440,100,121,90,100,5,10";
  write("X.csv", test::joined(lines));
  expect_done("cache add X.csv",
              "0 bars added, 9 there already, 1 replaced\n  another bar of 2024-01-01 00:04:00 was there");
}

TEST_F(CacheCommand, ListsWhatIsMissing) {
  auto lines = test::good_lines(50);
  lines.erase(lines.begin() + 20, lines.begin() + 25);
  write("X-1m.csv", test::joined(lines));
  expect_refused("cache add X-1m.csv", "--policy skip");
  expect_done("cache ls", "nothing that was asked for");
  expect_done("cache add X-1m.csv --policy skip", "gap");
  expect_done("cache info X/1m",
              "missing         1 ranges, 5 bars\n    2024-01-01 00:19:00 to 2024-01-01 00:24:00");
  expect_refused("cache add X-1m.csv --policy repair", "what an exchange said");
}

TEST_F(CacheCommand, NamesTheNearestKeysOfOneThatIsNotThere) {
  add_generated(100);
  expect_refused("backtest --data cache:BTCUSD/1m --out none", "did you mean BTCUSDT/1m");
  expect_refused("cache info BTCUSDT/5m", "did you mean BTCUSDT/1m");
  expect_refused("backtest --data cache:BTCUSDT --out none", "expected SYMBOL/INTERVAL");
  expect_refused("backtest --data cache:BTCUSDT/1m --set data.interval=5m --out none", "got 5m, expected 1m");
  expect_refused("features --data cache:BTCUSDT/1x --out f.csv", "1x");
}

TEST_F(CacheCommand, TakesARangeOfTimes) {
  add_generated(3000);
  const std::string features = "features --data cache:BTCUSDT/1m@";
  const CliResult all = run("cache info");
  const std::string day = all.out.substr(all.out.find("times           ") + 16, 10);
  expect_done(features + day + "T01:00.." + day + "T02:00 --out f.csv", "f.csv: 60 bars");
  expect_done(features + ".." + day + "T02:00 --out g.csv", "g.csv: 120 bars");
  expect_refused(features + "x.. --out h.csv", "got 'x', expected a time");
  expect_refused(features + "2024 --out h.csv", "@FROM..TO");
}

TEST_F(CacheCommand, KeepsFeaturesBesideTheirBars) {
  add_generated(500);
  expect_done("features --data cache:BTCUSDT/1m --features rsi_14 --out cache:rsi", "500 bars, 1 features");
  EXPECT_EQ(file("kept/features"), "kept/features/symbol=BTCUSDT/interval=1m/set=rsi/features.parquet");
  expect_refused("features --data cache:BTCUSDT/1m --features rsi_14 --out cache:rsi", "--force");
  expect_done("cache ls", "features rsi");
  expect_refused("features --data BTCUSDT-1m.parquet --features rsi_14 --out cache:rsi",
                 "--data cache:SYMBOL/INTERVAL");
  expect_refused("features --data cache:BTCUSDT/1m --features rsi_14 --out cache:../x",
                 "expected cache:NAME");
  expect_done("cache clear --yes");
  EXPECT_EQ(file("kept"), "") << "features go with their bars";
}

TEST_F(CacheCommand, TradesOfTheCacheBecomeBars) {
  std::vector<Event> trades;
  for (std::uint64_t i = 0; i < 6000; ++i) {
    Event trade{};
    trade.ts_ns = trade.recv_ns = 1'704'067'200'000'000'000 + static_cast<std::int64_t>(i) * 1'000'000'000;
    trade.kind = EventKind::trade;
    trade.trade = {4'200'000 + static_cast<std::int64_t>(i * i % 1000), 1, i, i, i};
    trades.push_back(trade);
  }
  TradeCache(folder() / "kept").save({Market::spot, "BTCUSDT", kTrades}, {.symbol = "BTCUSDT"}, trades);
  expect_done("features --data cache:BTCUSDT/trades --bars 1m --features return_1 --out f.csv",
              "bars, 1 features");
  expect_done("backtest --data cache:BTCUSDT/trades --bars 1m --out none", "");
  expect_refused("backtest --data cache:BTCUSDT/trades --out none", "or --bars 1m");
  expect_done("cache info", "6000");
}

TEST_F(CacheCommand, ClearsWhatWasChosenAndOnlyWhenConfirmed) {
  add_generated(100);
  expect_done("cache add BTCUSDT-1m.parquet --symbol ETHUSDT");
  expect_refused("cache clear", "Say --yes");
  expect_done("cache clear --symbol ETHUSDT --yes", "ETHUSDT/1m: 1 files removed");
  const CliResult left = run("cache ls");
  EXPECT_MENTIONS(left.out, "BTCUSDT/1m");
  EXPECT_EQ(left.out.find("ETHUSDT"), std::string::npos);
  expect_refused("cache clear ETHUSDT/1m --yes", "not in the cache");
  expect_done("cache clear --yes", "BTCUSDT/1m: 1 files removed");
  EXPECT_FALSE(exists("kept/klines"));
}

TEST_F(CacheCommand, VerifyNamesDamagedFilesAndGoesOn) {
  add_generated(100);
  expect_done("cache add BTCUSDT-1m.parquet --symbol ETHUSDT");
  std::filesystem::resize_file(folder() / file("kept/klines/symbol=BTCUSDT"), 300);
  expect_refused("cache verify", "the file is damaged: remove it and fetch BTCUSDT/1m again", 1);
  expect_refused("cache verify", "ETHUSDT/1m: whole", 1);
  expect_refused("cache ls", "not a readable Parquet file", 1);
  expect_refused("backtest --data cache:BTCUSDT/1m --out none", "the file is damaged: remove it");
}

TEST_F(CacheCommand, AFullDiskOrARootThatCannotBeWrittenLosesNothing) {
  add_generated(100);
  expect_done("generate --bars 40000 --seed 2 --out more.parquet");
  const CliResult full = run("cache add more.parquet --symbol BTCUSDT", "ulimit -f 100;");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_MENTIONS(full.err, "cannot be written");
  expect_done("cache verify", "BTCUSDT/1m: whole");
  expect_done("cache add BTCUSDT-1m.parquet", "0 bars added, 100 there already, 0 replaced");
  write("file", "in the way");
  expect_refused("cache add more.parquet --cache file", "the cache cannot be written");
}

TEST_F(CacheCommand, SaysWhereItLiesAndWhoSaidSo) {
  const CliResult by_variable = run("cache path");
  EXPECT_EQ(by_variable.out, (std::filesystem::canonical(folder()) / "kept").string() + "\n");
  EXPECT_EQ(by_variable.err, "from HFTSIM_CACHE\n");
  const CliResult by_option = run("cache path --cache /elsewhere");
  EXPECT_EQ(by_option.out, "/elsewhere\n");
  EXPECT_EQ(by_option.err, "from --cache\n");
}

}  // namespace
}  // namespace hftsim
