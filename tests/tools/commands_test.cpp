// The commands as a newcomer calls them.
#include <nlohmann/json.hpp>

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;

class Commands : public test::CliTest {
 protected:
  void make_run(const std::string& name, const std::string& more = "") const {
    const auto result = hftsim("backtest --set data.bars=3000 --out " + name + " " + more);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
};

TEST_F(Commands, HelpVersionAndListsSucceed) {
  EXPECT_EQ(hftsim("--help").exit_code, 0);
  for (const char* command :
       {"backtest", "features", "report", "verify", "generate", "strategies", "recording info",
        "recording verify", "recording cut", "recording merge", "recording export", "model", "model info"}) {
    const auto help = hftsim(std::string(command) + " --help");
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_MENTIONS(help.out, "Example");
  }
  EXPECT_MENTIONS(hftsim("--version").out, "compiler");
  EXPECT_MENTIONS(hftsim("strategies").out, "momentum_threshold");
  EXPECT_MENTIONS(hftsim("backtest --keys").out, "risk.max_drawdown");
  EXPECT_MENTIONS(hftsim("features --list").out, "sma_#");
  EXPECT_EQ(hftsim("").exit_code, 2);
}

TEST_F(Commands, AnUnknownCommandIsNamedWithTheNearest) {
  const auto result = hftsim("bactest --json");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "no command 'bactest' (did you mean backtest");
}

TEST_F(Commands, OutputThatDoesNotArriveIsAFailure) {
  for (const char* arguments : {"strategies", "--version", "--help", "backtest --keys", "verify run run",
                                "backtest --set data.bars=300 --out none --json"}) {
    if (!exists("run")) make_run("run", "--no-report");
    const auto result = hftsim(arguments, "out() { \\\"\\$@\\\" > /dev/full; }; out");
    EXPECT_EQ(result.exit_code, 1) << arguments << result.err;
    EXPECT_MENTIONS(result.err, "No space left");
  }
}

TEST_F(Commands, BacktestKeepsAWholeRun) {
  make_run("run");
  for (const char* file :
       {"config.toml", "summary.json", "trades.parquet", "equity.parquet", "journal", "report.html"}) {
    EXPECT_TRUE(exists(std::string("run/") + file)) << file;
  }
}

TEST_F(Commands, BacktestWithoutAFolderTakesANewOneEachTime) {
  ASSERT_EQ(hftsim("backtest --set data.bars=500 --no-report").exit_code, 0);
  ASSERT_EQ(hftsim("backtest --set data.bars=500 --no-report").exit_code, 0);
  EXPECT_TRUE(exists("runs/momentum-generated-1/summary.json"));
  EXPECT_TRUE(exists("runs/momentum-generated-2/summary.json"));
}

TEST_F(Commands, JsonIsAllThereIsOnStdoutAndHoldsEveryKey) {
  const auto result = hftsim("backtest --set data.bars=3000 --out none --json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json s = Json::parse(result.out);
  for (const char* key : {"bars", "warm_bars", "orders", "trades", "refusals", "final_equity", "realized_pnl",
                          "fees", "metrics", "bars_per_second", "peak_rss_bytes", "allocations_after_warmup",
                          "journal_hash", "version"}) {
    EXPECT_TRUE(s.contains(key)) << key;
  }
  for (const char* key : {"total", "buy", "sell", "hold"}) EXPECT_TRUE(s["signals"].contains(key)) << key;
  for (const char* key : {"path", "sha256", "first", "last", "findings"})
    EXPECT_TRUE(s["data"].contains(key)) << key;
  for (const char* stage : {"read", "features", "inference", "trading"}) {
    EXPECT_TRUE(s["timing"][stage].contains("ns_per_bar")) << stage;
  }
  EXPECT_EQ(s["allocations_after_warmup"], 0);
  EXPECT_EQ(s["bars"], 3000);
  EXPECT_EQ(s["warm_bars"], 2980);
}

TEST_F(Commands, UndefinedMetricsAreNull) {
  const auto result =
      hftsim("backtest --set data.bars=300 --set strategy.momentum_threshold=0.9 --out none --json");
  const Json metrics = Json::parse(result.out)["metrics"];
  EXPECT_TRUE(metrics["sharpe"].is_null());
  EXPECT_TRUE(metrics["win_rate"].is_null());
}

TEST_F(Commands, VerifyNamesTheFirstDifference) {
  make_run("a", "--no-report");
  make_run("b", "--no-report");
  make_run("c", "--no-report --set strategy.volume_threshold=1.3");
  make_run("d", "--no-report --set account.fee_rate=0.0011");
  EXPECT_EQ(hftsim("verify a b").exit_code, 0);
  const auto signals = hftsim("verify a c");
  EXPECT_EQ(signals.exit_code, 1);
  EXPECT_MENTIONS(signals.out, "first difference in the journal");
  const auto fees = hftsim("verify a d");
  EXPECT_EQ(fees.exit_code, 1);
  EXPECT_MENTIONS(fees.out, "fee");
  EXPECT_EQ(hftsim("verify a nowhere").exit_code, 2);
}

TEST_F(Commands, VerifyRefusesADamagedJournal) {
  make_run("a", "--no-report");
  make_run("b", "--no-report");
  std::string journal = read("b/journal");
  journal[journal.size() / 2] ^= 1;
  write("b/journal", journal);
  const auto result = hftsim("verify a b");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "block");
}

TEST_F(Commands, ReportIsMadeAgainFromTheRun) {
  make_run("run");
  const std::string before = read("run/report.html");
  std::filesystem::remove(folder() / "run/report.html");
  ASSERT_EQ(hftsim("report run").exit_code, 0);
  EXPECT_EQ(read("run/report.html"), before);
  EXPECT_EQ(hftsim("report nowhere").exit_code, 2);
}

TEST_F(Commands, FeaturesWritesOneRowPerBar) {
  ASSERT_EQ(hftsim("generate --bars 50 --out bars.csv").exit_code, 0);
  ASSERT_EQ(hftsim("features --data bars.csv --features sma_5,return_1 --out f.csv").exit_code, 0);
  const std::string table = read("f.csv");
  EXPECT_TRUE(table.starts_with("timestamp,sma_5,return_1\n"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 51);
}

TEST_F(Commands, AConfigIsAnOptionAsWell) {
  write("my.toml", "[data]\nbars = 1234\n");
  const auto result = hftsim("backtest --config my.toml --out none --json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out)["bars"], 1234);
}

TEST_F(Commands, SeveralFilesAreOneRun) {
  ASSERT_EQ(hftsim("generate --bars 2000 --symbols 2 --out bars.parquet").exit_code, 0);
  const auto result = hftsim("backtest --data SYN1USDT-bars.parquet SYN2USDT-bars.parquet --out none --json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out)["bars"], 4000);
}

}  // namespace
}  // namespace hftsim
