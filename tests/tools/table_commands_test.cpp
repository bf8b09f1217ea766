// generate and features: what they write, refuse and leave behind.
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;

class TableCommands : public test::CliTest {
 protected:
  void expect_refused(const std::string& arguments, const std::string& part) const {
    const CliResult result = hftsim(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_EQ(result.out, "");
    EXPECT_MENTIONS(result.err, part);
  }
};

TEST_F(TableCommands, ReplaceAFileOnlyWhenForced) {
  const std::string generate = "generate --bars 5 --out bars.csv",
                    features = "features --data bars.csv --out f.csv";
  for (const std::string& command : {generate, features}) {
    ASSERT_EQ(hftsim(command).exit_code, 0);
    expect_refused(command, "--force");
    EXPECT_EQ(hftsim(command + " --force").exit_code, 0);
  }
  write("SYN2USDT-many.csv", "mine");
  expect_refused("generate --bars 5 --symbols 2 --out many.csv", "SYN2USDT-many.csv exists already");
  EXPECT_FALSE(exists("SYN1USDT-many.csv"));
}

TEST_F(TableCommands, WriteNeitherOverTheirInputNorToADeviceNorInAnUnknownFormat) {
  ASSERT_EQ(hftsim("generate --bars 5 --out bars.csv").exit_code, 0);
  const std::string before = read("bars.csv");
  expect_refused("features --data bars.csv --out ./bars.csv --force", "the file that is read");
  EXPECT_EQ(read("bars.csv"), before);
  expect_refused("features --data bars.csv --out /dev/null", "a device");
  expect_refused("features --data bars.csv --out f.txt", "f.txt");
  expect_refused("generate --out f.txt", "f.txt");
  ASSERT_EQ(hftsim("generate --bars 5 --out BARS.CSV").exit_code, 0);
  EXPECT_EQ(read("BARS.CSV"), before);
}

TEST_F(TableCommands, SayWhichNumbersOfBarsAndSeedsThereAre) {
  for (const char* seed : {"18446744073709551616", "-1", "0.5", "one"}) {
    expect_refused(
        std::string("generate --out x.csv --seed ") + seed,
        std::string("--seed: got '") + seed + "', expected a whole number from 0 to 18446744073709551615");
  }
  for (const char* bars : {"0", "-1", "125321748", "1e6"}) {
    expect_refused(std::string("generate --out x.csv --bars ") + bars,
                   std::string("--bars: got '") + bars + "', expected a whole number from 1 to 125321747");
  }
  EXPECT_FALSE(exists("x.csv"));
  EXPECT_EQ(hftsim("generate --out x.csv --bars 1 --seed 18446744073709551615").exit_code, 0);
}

TEST_F(TableCommands, GenerateTradesAndBooksToo) {
  const std::string generate = "generate --bars 3 --symbols 2 --level ";
  ASSERT_EQ(hftsim(generate + "trades --out t.hfr").exit_code, 0);
  ASSERT_EQ(hftsim(generate + "trades --out again.hfr").exit_code, 0);
  EXPECT_EQ(read("t.hfr"), read("again.hfr"));
  ASSERT_EQ(hftsim(generate + "book --out b.hfr").exit_code, 0);
  for (const char* name : {"t.hfr", "b.hfr"})
    EXPECT_EQ(hftsim(std::string("recording verify ") + name).exit_code, 0);
  const std::string info = hftsim("recording info b.hfr").out;
  for (const char* part : {"SYN2USDT", "generated book, seed 1", "book_change", "quote", "trade", "bar"}) {
    EXPECT_MENTIONS(info, part);
  }
  ASSERT_EQ(hftsim(generate + "trades --out t.csv").exit_code, 0);
  ASSERT_EQ(hftsim("recording export t.hfr --kind trade --out e.csv").exit_code, 0);
  EXPECT_EQ(read("t.csv"), read("e.csv"));
}

TEST_F(TableCommands, SayWhichLevelsGoWhere) {
  expect_refused("generate --level book --out b.csv", "a name that ends in .hfr");
  expect_refused("generate --level trades --out t.txt", "t.txt");
  expect_refused("generate --level ticks --out t.hfr", "ticks");
  write("t.hfr", "mine");
  expect_refused("generate --level trades --out t.hfr", "--force");
  EXPECT_EQ(read("t.hfr"), "mine");
}

TEST_F(TableCommands, NameTheOptionsOfFeatures) {
  write("bars.csv", test::joined(test::good_lines(20)));
  const std::string features = "features --data bars.csv --out f.csv ";
  expect_refused(features + "--windows 5,x", "--windows: got 'x'");
  expect_refused(features + "--windows=,", "--windows: got an empty list");
  expect_refused(features + "--policy skp", "--policy: got 'skp' (did you mean skip");
  expect_refused(features + "--interval 1x", "--interval: got '1x'");
  std::vector<std::string> lines = test::good_lines(20);
  lines.erase(lines.begin() + 7);
  write("bars.csv", test::joined(lines));
  expect_refused(features, "(--policy skip or repair goes on and counts them)");
  write("bars.csv", test::joined(test::good_lines(1)));
  expect_refused(features, "(--interval 1m)");
  EXPECT_EQ(hftsim(features + "--interval 1m").exit_code, 0);
}

TEST_F(TableCommands, SayWhatFeaturesFoundInTheDataAsABacktestDoes) {
  std::vector<std::string> lines = test::good_lines(50);
  lines.erase(lines.begin() + 7);
  write("bars.csv", test::joined(lines));
  const std::string row = "data finding          1 x gap, first at 2024-01-01T00:06:00Z\n";
  EXPECT_MENTIONS(hftsim("features --data bars.csv --out f.csv --policy skip").out, row);
  EXPECT_MENTIONS(hftsim("backtest --data bars.csv --out none --set data.policy=skip").out, row);
}

TEST_F(TableCommands, TwoFilesOfOneSymbolAreBothNamed) {
  for (const char* name : {"BTC-2024-01.csv", "BTC-2024-02.csv", "ETH-USD.csv", "ETH-EUR.csv"}) {
    write(name, test::joined(test::good_lines(50)));
  }
  expect_refused("backtest --out none --data BTC-2024-01.csv BTC-2024-02.csv",
                 "got BTC in BTC-2024-01.csv and in BTC-2024-02.csv");
  EXPECT_EQ(hftsim("backtest --out none --data ETH-USD.csv ETH-EUR.csv").exit_code, 0);
}

TEST_F(TableCommands, ABacktestSaysForHowManyBarsTheTradeCountIsMissing) {
  std::vector<std::string> lines = test::good_lines(50);
  const auto source_of_trades = [&] {
    write("bars.csv", test::joined(lines));
    return hftsim("backtest --data bars.csv --out none --json").out;
  };
  EXPECT_MENTIONS(source_of_trades(), "\"trade_count\": \"from the data\"");
  for (const std::size_t line : {1u, 20u}) lines[line].erase(lines[line].rfind(',') + 1);
  EXPECT_MENTIONS(source_of_trades(), "from the data, but volume / close for 2 of 50 bars, which have none");
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].erase(lines[i].rfind(',') + 1);
  EXPECT_MENTIONS(source_of_trades(), "volume / close (the data has none)");
}

TEST_F(TableCommands, KeepNothingWhenInterrupted) {
  ASSERT_EQ(hftsim("generate --bars 2000000 --out bars.parquet").exit_code, 0);
  for (const char* command :
       {"generate --bars 100000000 --out f.csv", "features --data bars.parquet --out f.csv"}) {
    for (const char* signal : {"INT", "TERM"}) {
      const CliResult result = hftsim(std::string(command) +
                                          " 2>said & until [ -s f.csv.part ] || ! kill -0 \\$!; do "
                                          "sleep 0.01; done; kill -" +
                                          signal + " \\$!; wait \\$!; }",
                                      "{");
      EXPECT_EQ(result.exit_code, 1) << command << " " << signal;
      EXPECT_EQ(read("said"), "hftsim: interrupted: nothing was kept of f.csv\n");
      EXPECT_FALSE(exists("f.csv.part"));
      EXPECT_FALSE(exists("f.csv"));
    }
  }
}

}  // namespace
}  // namespace hftsim
