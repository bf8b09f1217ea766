// The same input gives the same bytes, whatever the threads, the blocks, the process; another input does not.
#include <nlohmann/json.hpp>

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::good_lines;
using test::joined;

class SameBytes : public test::CliTest {
 protected:
  std::string hash_of(const std::string& arguments) const {
    const test::CliResult result = hftsim("backtest --json --out none --set data.bars=30000 " + arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out)["journal_hash"];
  }
};

TEST_F(SameBytes, AcrossThreadsBlocksAndProcesses) {
  for (const char* strategy :
       {"momentum", "mean_reversion", "breakout", "sma_cross", "buy_and_hold", "ensemble"}) {
    const std::string run = std::string("--strategy ") + strategy;
    const std::string wanted = hash_of(run);
    for (const char* how : {"", "--block 1", "--block 7", "--block 4096", "--threads pipelined",
                            "--threads pipelined --block 7"}) {
      EXPECT_EQ(hash_of(run + " " + how), wanted) << run << " " << how;
    }
  }
}

TEST_F(SameBytes, OfSeveralInstruments) {
  const std::string run = "--set data.symbols=3 --strategy sma_cross --set strategy.short=true";
  const std::string wanted = hash_of(run);
  EXPECT_EQ(hash_of(run + " --block 7"), wanted);
  EXPECT_EQ(hash_of(run + " --threads pipelined --block 256"), wanted);
}

TEST_F(SameBytes, NotOfAnotherSeedOrParameter) {
  const std::string wanted = hash_of("");
  EXPECT_NE(hash_of("--set run.seed=2"), wanted);
  EXPECT_NE(hash_of("--set strategy.momentum_threshold=0.0006"), wanted);
}

TEST_F(SameBytes, NotOfBarsOfWhichOneChanged) {
  std::vector<std::string> lines = good_lines(300);
  write("a.csv", joined(lines));
  lines[200] = lines[200].substr(0, lines[200].find(",100,")) + ",100,120,90,99.5,5,10";
  write("b.csv", joined(lines));
  EXPECT_EQ(hash_of("--data a.csv"), hash_of("--data a.csv"));
  EXPECT_NE(hash_of("--data a.csv"), hash_of("--data b.csv"));
}

TEST_F(SameBytes, FromTheConfigThatARunKept) {
  const std::string first =
      "backtest --set data.bars=20000 --set risk.stop_loss=0.01 --strategy ensemble --set "
      "strategy.mode=weighted "
      "--set execution.entry_latency_ns=90000000000 --set account.sizer=kelly --out a --no-report";
  ASSERT_EQ(hftsim(first).exit_code, 0);
  ASSERT_EQ(hftsim("backtest a/config.toml --out b --no-report").exit_code, 0);
  const test::CliResult verdict = hftsim("verify a b");
  EXPECT_EQ(verdict.exit_code, 0) << verdict.out;
  EXPECT_EQ(read("a/journal"), read("b/journal"));
}

TEST_F(SameBytes, OfGeneratedFiles) {
  ASSERT_EQ(hftsim("generate --bars 5000 --seed 3 --out a.csv").exit_code, 0);
  ASSERT_EQ(hftsim("generate --bars 5000 --seed 3 --out b.csv").exit_code, 0);
  ASSERT_EQ(hftsim("generate --bars 5000 --seed 4 --out c.csv").exit_code, 0);
  EXPECT_EQ(read("a.csv"), read("b.csv"));
  EXPECT_NE(read("a.csv"), read("c.csv"));
}

}  // namespace
}  // namespace hftsim
