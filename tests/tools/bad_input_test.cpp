// What a user gets wrong, through the program: exit code 2, a message that names the place, the value and what
// was expected; and what was written stays valid.
#include <nlohmann/json.hpp>

#include "replay/journal_file.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;
using test::good_lines;
using test::joined;

class BadInput : public test::CliTest {
 protected:
  // The message of a backtest that must refuse its input before it makes a run.
  std::string refusal(const std::string& arguments) const {
    const CliResult result = hftsim("backtest --out run " + arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(result.err.starts_with("hftsim: ")) << result.err;
    return result.err;
  }

  // The message for data whose line `index` (from 1: the first bar) is replaced by `line`.
  std::string refusal_of_line(std::size_t index, const std::string& line) const {
    std::vector<std::string> lines = good_lines(50);
    lines[index] = line;
    write("bars.csv", joined(lines));
    return refusal("--data bars.csv");
  }
};

TEST_F(BadInput, NamesAMissingFile) {
  EXPECT_MENTIONS(refusal("--data nowhere.parquet"), "nowhere.parquet");
}

TEST_F(BadInput, RefusesASecondConfig) {
  write("a.toml", "");
  EXPECT_MENTIONS(refusal("a.toml --config b.toml"),
                  "--config: got b.toml, expected one config; there is a.toml already");
  EXPECT_MENTIONS(refusal("--config nowhere.toml"), "nowhere.toml");
}

TEST_F(BadInput, NamesADirectory) {
  std::filesystem::create_directory(folder() / "bars");
  const std::string message = refusal("--data bars");
  EXPECT_MENTIONS(message, "bars");
  EXPECT_MENTIONS(message, "directory");
}

TEST_F(BadInput, NamesAnEmptyFile) {
  write("empty.csv", "");
  EXPECT_MENTIONS(refusal("--data empty.csv"), "empty.csv");
}

TEST_F(BadInput, NamesTheColumnThatIsMissing) {
  hftsim("generate --bars 10 --out good.parquet");
  ASSERT_EQ(hftsim("features --data good.parquet --features sma_5 --out f.parquet").exit_code, 0);
  EXPECT_MENTIONS(refusal("--data f.parquet"), "f.parquet");
  write("noclose.csv", "timestamp,open,high,low,volume\n1704067200,1,2,1,3\n1704067260,1,2,1,3\n");
  EXPECT_MENTIONS(refusal("--data noclose.csv"), "close");
}

TEST_F(BadInput, NamesRowAndColumnOfTextAmongNumbers) {
  const std::string message = refusal_of_line(7, "1704067560,100,120,90,abc,5,10");
  EXPECT_MENTIONS(message, "bars.csv:8");
  EXPECT_MENTIONS(message, "close");
  EXPECT_MENTIONS(message, "abc");
}

TEST_F(BadInput, NamesBarsOutOfOrder) {
  EXPECT_MENTIONS(refusal_of_line(9, "1704067200,100,120,90,100,5,10"), "out_of_order");
}

TEST_F(BadInput, NamesADuplicateTime) {
  const std::string message = refusal_of_line(9, "1704067620,100,120,90,100,5,10");
  EXPECT_MENTIONS(message, "duplicate");
  EXPECT_MENTIONS(message, "2024-01-01 00:07:00");
}

TEST_F(BadInput, NamesANaNPrice) {
  EXPECT_MENTIONS(refusal_of_line(5, "1704067440,100,120,90,nan,5,10"), "non_finite");
}

TEST_F(BadInput, NamesANegativeVolume) {
  EXPECT_MENTIONS(refusal_of_line(5, "1704067440,100,120,90,100,-5,10"), "negative_volume");
}

TEST_F(BadInput, NamesAHighBelowTheLow) {
  EXPECT_MENTIONS(refusal_of_line(5, "1704067440,100,90,120,100,5,10"), "bad_range");
}

TEST_F(BadInput, NamesAGapAndHowToGoOn) {
  std::vector<std::string> lines = good_lines(50);
  lines.erase(lines.begin() + 20);
  write("bars.csv", joined(lines));
  const std::string message = refusal("--data bars.csv");
  EXPECT_MENTIONS(message, "gap");
  EXPECT_MENTIONS(message, "policy");
  EXPECT_EQ(hftsim("backtest --data bars.csv --out kept --set data.policy=skip").exit_code, 0);
  const auto summary = nlohmann::json::parse(read("kept/summary.json"));
  EXPECT_EQ(summary["data"]["findings"][0]["kind"], "gap");
  EXPECT_EQ(summary["data"]["findings"][0]["count"], 1);
}

TEST_F(BadInput, SuggestsTheNearestNames) {
  EXPECT_MENTIONS(refusal("--set risk.max_drawdwn=0.1"), "risk.max_drawdown");
  EXPECT_MENTIONS(refusal("--strategy momentun"), "did you mean momentum");
  EXPECT_MENTIONS(refusal("--set strategy.momentum_treshold=1"), "momentum_threshold");
  EXPECT_MENTIONS(refusal("--set features.list=sma_20,volatilty_20"), "volatility_20");
}

TEST_F(BadInput, NamesTheLineOfAConfig) {
  write("run.toml", "[risk]\nmax_drawdown = 0.1\nstop_loss = 7\n");
  const std::string message = refusal("run.toml");
  EXPECT_MENTIONS(message, "run.toml:3");
  EXPECT_MENTIONS(message, "stop_loss");
  write("broken.toml", "[risk\n");
  EXPECT_MENTIONS(refusal("broken.toml"), "broken.toml:1");
  EXPECT_MENTIONS(refusal("absent.toml"), "absent.toml");
}

TEST_F(BadInput, NamesTheOptionThatWasTyped) {
  EXPECT_MENTIONS(refusal("--threads foo"), "--threads: run.threads: got \"foo\"");
  EXPECT_MENTIONS(refusal("--threads ''"), "--threads");
  EXPECT_MENTIONS(refusal("--block 0"), "--block: run.block: got 0");
  EXPECT_MENTIONS(refusal("--strategy ''"), "--strategy: strategy.name");
  EXPECT_MENTIONS(refusal("--data ''"), "--data: data.path");
  const CliResult result = hftsim("backtest --out ''");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "--out: got ''");
}

TEST_F(BadInput, NamesTheLineThatNamesADataFileOrFeature) {
  write("run.toml", "[data]\npath = \"nowhere.csv\"\n");
  EXPECT_MENTIONS(refusal("run.toml"), "run.toml:2: data.path: nowhere.csv");
  write("run.toml", "[features]\n\nlist = [\"smaa_5\"]\n");
  EXPECT_MENTIONS(refusal("run.toml"), "run.toml:3: features.list: ");
}

TEST_F(BadInput, TakesAConfigBehindTheDataFiles) {
  write("bars.csv", joined(good_lines(50)));
  write("run.toml", "[strategy]\nname = \"buy_and_hold\"\n");
  const CliResult result = hftsim("backtest --out none --json --data bars.csv run.toml");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out)["strategy"], "buy_and_hold");
  EXPECT_MENTIONS(refusal("run.toml --data bars.csv other.toml"), "other.toml");
}

TEST_F(BadInput, RefusesValuesOutOfRange) {
  EXPECT_MENTIONS(refusal("--set account.fee_rate=2"), "account.fee_rate");
  EXPECT_MENTIONS(refusal("--set account.initial_capital=-5"), "account.initial_capital");
  EXPECT_MENTIONS(refusal("--set run.block=0"), "run.block");
  EXPECT_MENTIONS(refusal("--set execution.fill=yesterday"), "next_open");
  EXPECT_MENTIONS(refusal("--set data.bars=many"), "data.bars");
}

TEST_F(BadInput, RefusesASettingWithoutEquals) {
  EXPECT_MENTIONS(refusal("--set risk.max_drawdown"), "=value");
}

TEST_F(BadInput, RefusesWindowsThatAreNone) {
  for (const char* windows : {"0", "-1", "1e9", "2.5", "5,x"}) {
    EXPECT_MENTIONS(refusal(std::string("--set features.windows=") + windows), "features.windows");
    const CliResult features = hftsim(std::string("features --data x.csv --out y.csv --windows=") + windows);
    EXPECT_EQ(features.exit_code, 2) << features.err;
  }
}

TEST_F(BadInput, RefusesAFolderThatHoldsARunUnlessForced) {
  const std::string run = "backtest --set data.bars=500 --no-report --out run";
  ASSERT_EQ(hftsim(run).exit_code, 0);
  const std::string before = read("run/summary.json");
  const CliResult refused = hftsim(run);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_MENTIONS(refused.err, "--force");
  EXPECT_EQ(read("run/summary.json"), before);
  write("run/notes.txt", "mine");
  EXPECT_EQ(hftsim(run + " --force").exit_code, 0);
  EXPECT_TRUE(exists("run/notes.txt"));
}

TEST_F(BadInput, RefusesAFolderThatCannotBeMade) {
  write("file", "");
  EXPECT_MENTIONS(hftsim("backtest --set data.bars=500 --out file/run").err, "file/run");
  EXPECT_EQ(hftsim("backtest --set data.bars=500 --out file/run").exit_code, 2);
  EXPECT_EQ(hftsim("backtest --set data.bars=500 --out file").exit_code, 2);
}

TEST_F(BadInput, KeepsARunWhoseDataTurnsBad) {
  std::vector<std::string> lines = good_lines(3000);
  lines[2500] = "1704217140,100,90,120,100,5,10";
  write("bars.csv", joined(lines));
  const CliResult result = hftsim("backtest --data bars.csv --out run --strategy buy_and_hold");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "bad_range");
  const auto summary = nlohmann::json::parse(read("run/summary.json"));
  EXPECT_TRUE(summary["partial"].get<bool>());
  EXPECT_GT(summary["bars"].get<int>(), 2000);
  EXPECT_TRUE(exists("run/report.html"));
}

// The records of a journal up to where it can be read.
std::size_t readable_records(const std::filesystem::path& path) {
  JournalFileReader reader(path);
  std::size_t count = 0;
  for (auto records = reader.next(); !records.empty(); records = reader.next()) count += records.size();
  return count;
}

TEST_F(BadInput, LeavesWhatWasWrittenReadableOnAFullDisk) {
  const CliResult result = hftsim("backtest --set data.bars=2000000 --set risk.max_drawdown=0 --out run",
                                  "trap '' XFSZ; ulimit -f 900;");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_MENTIONS(result.err, "run");
  EXPECT_GT(readable_records(folder() / "run/journal"), 1000U);
}

TEST_F(BadInput, NamesACertificateThatIsNotThere) {
  const CliResult result = hftsim("exchange --tls none.pem none.key");
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_MENTIONS(result.err, "none.pem: cannot be opened: No such file");
}

TEST_F(BadInput, KeepsAnInterruptedRunAndMarksIt) {
  const CliResult result =
      hftsim("backtest --set data.bars=120000000 --no-report --out run", "timeout --foreground -s INT 2");
  const auto summary = nlohmann::json::parse(read("run/summary.json"));
  EXPECT_TRUE(summary["partial"].get<bool>()) << result.err;
  EXPECT_GT(summary["bars"].get<std::uint64_t>(), 1000U);
  EXPECT_GT(readable_records(folder() / "run/journal"), 1U);
  EXPECT_TRUE(exists("run/trades.parquet"));
  EXPECT_TRUE(exists("run/equity.parquet"));
}

}  // namespace
}  // namespace hftsim
