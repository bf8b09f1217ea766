// Runs that did not come to their end: what they leave is whole, agrees with itself and says that it is partial.
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "adapters/table_reader.h"
#include "engine/execution/execution_report.h"
#include "replay/journal_file.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;
using Json = nlohmann::json;

struct KeptJournal {
  std::vector<JournalRecord> records;
  bool complete = false;

  std::uint64_t fills() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(records, [](const JournalRecord& r) {
      return r.kind == JournalKind::report && r.detail == static_cast<std::uint8_t>(ReportKind::filled);
    }));
  }
};

KeptJournal read_journal(const std::filesystem::path& path) {
  JournalFileReader reader(path);
  KeptJournal journal;
  for (auto records = reader.next(); !records.empty(); records = reader.next()) {
    journal.records.insert(journal.records.end(), records.begin(), records.end());
  }
  journal.complete = reader.tail().complete;
  return journal;
}

class PartialRun : public test::CliTest {
 protected:
  Json summary_of(const std::string& run) const { return Json::parse(read(run + "/summary.json")); }
  KeptJournal journal_of(const std::string& run) const { return read_journal(folder() / run / "journal"); }
  std::uint64_t rows_of(const std::string& table) const { return TableReader(folder() / table).row_count(); }

  // Summary, journal and tables of a run that was cut off tell the same story.
  void expect_whole_partial_run(const std::string& run) const {
    const Json summary = summary_of(run);
    EXPECT_TRUE(summary["partial"].get<bool>());
    const KeptJournal journal = journal_of(run);
    EXPECT_TRUE(journal.complete) << "the file was closed";
    ASSERT_FALSE(journal.records.empty());
    EXPECT_EQ(journal.records.back().kind, JournalKind::end);
    EXPECT_EQ(journal.records.back().detail, 1) << "its end says cut off";
    EXPECT_EQ(journal.fills(), summary["trades"].get<std::uint64_t>());
    EXPECT_EQ(rows_of(run + "/trades.parquet"), journal.fills());
    EXPECT_EQ(rows_of(run + "/equity.parquet"), summary["bars"].get<std::uint64_t>());
    EXPECT_EQ(journal.records.back().value, summary["final_equity"].get<double>());
  }
};

TEST_F(PartialRun, AnInterruptedRunExitsWithOneAndIsKept) {
  for (const char* threads : {"inline", "pipelined"}) {
    const CliResult result =
        hftsim(std::string("backtest --set data.bars=120000000 --force --out run --threads ") + threads,
               "timeout --foreground --preserve-status -s INT 1.5");
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_MENTIONS(result.out, "PARTIAL RUN: interrupted");
    expect_whole_partial_run("run");
    EXPECT_TRUE(exists("run/report.html"));
  }
}

TEST_F(PartialRun, AnInterruptedRunDecidedWhatAWholeOneDoes) {
  hftsim("backtest --set data.bars=120000000 --no-report --out cut", "timeout --foreground -s INT 1");
  const std::uint64_t bars = summary_of("cut")["bars"];
  ASSERT_EQ(hftsim("backtest --no-report --out whole --set data.bars=" + std::to_string(bars)).exit_code, 0);
  KeptJournal cut = journal_of("cut");
  const KeptJournal whole = journal_of("whole");
  cut.records.back().detail = 0;
  ASSERT_EQ(cut.records.size(), whole.records.size());
  EXPECT_EQ(std::memcmp(cut.records.data(), whole.records.data(), std::span(cut.records).size_bytes()), 0);
}

TEST_F(PartialRun, DataThatTurnsBadKeepsWhatCameBefore) {
  ASSERT_EQ(hftsim("generate --bars 5000 --out bars.csv").exit_code, 0);
  std::string text = read("bars.csv");
  std::size_t line = 0;
  for (int i = 0; i < 4001; ++i) line = text.find('\n', line) + 1;  // bar 4000, counted from 0
  const std::size_t end = text.find('\n', line);
  std::string bad = text.substr(line, end - line);
  bad.replace(bad.find(','), 1, ",-");  // a negative open
  text.replace(line, end - line, bad);
  write("bars.csv", text);
  const CliResult result = hftsim("backtest --data bars.csv --out run --json");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "bars.csv:4002");
  EXPECT_MENTIONS(result.err, "kept");
  expect_whole_partial_run("run");
  EXPECT_EQ(summary_of("run")["bars"], 4000);
  EXPECT_EQ(Json::parse(result.out)["partial"], true) << "stdout is still the summary alone";
  const CliResult unkept = hftsim("backtest --data bars.csv --out none --json");
  EXPECT_EQ(unkept.exit_code, 2);
  EXPECT_EQ(unkept.err.find("kept"), std::string::npos) << unkept.err;
}

// What fits on the disk is the beginning of what would have been written.
TEST_F(PartialRun, AFullDiskLeavesTheBeginningOfTheJournal) {
  const std::string run = "backtest --set data.bars=1000000 --set risk.max_drawdown=0 --no-report --out ";
  ASSERT_EQ(hftsim(run + "whole").exit_code, 0);
  const KeptJournal whole = journal_of("whole");
  for (const char* kilobytes : {"4", "70", "900", "3000"}) {
    SCOPED_TRACE(kilobytes);
    const CliResult result = hftsim(run + "full --force", std::string("ulimit -f ") + kilobytes + ";");
    ASSERT_EQ(result.exit_code, 1) << result.err;
    EXPECT_MENTIONS(result.err, "full");
    EXPECT_MENTIONS(result.err, "File too large");
    const KeptJournal kept = journal_of("full");
    ASSERT_LE(kept.records.size(), whole.records.size());
    EXPECT_EQ(std::memcmp(kept.records.data(), whole.records.data(), std::span(kept.records).size_bytes()),
              0);
    for (const auto& entry : std::filesystem::directory_iterator(folder() / "full")) {
      EXPECT_NE(entry.path().extension(), ".part") << entry.path();
    }
  }
}

TEST_F(PartialRun, NothingIsKeptOfARunThatNeverBegan) {
  for (const char* arguments : {"--data nowhere.csv", "--set risk.max_drawdown=7", "--strategy momentun",
                                "--set features.windows=0", "--set features.list=smaa_5"}) {
    EXPECT_EQ(hftsim(std::string("backtest --out run ") + arguments).exit_code, 2);
    EXPECT_FALSE(exists("run")) << arguments;
  }
}

TEST_F(PartialRun, ForceDoesNotTouchTheOldRunWhereTheNewOneIsRefused) {
  ASSERT_EQ(hftsim("backtest --set data.bars=500 --no-report --out run").exit_code, 0);
  const std::string before = read("run/summary.json") + read("run/journal");
  EXPECT_EQ(hftsim("backtest --data nowhere.csv --force --out run").exit_code, 2);
  EXPECT_EQ(hftsim("backtest --set risk.max_drawdown=7 --force --out run").exit_code, 2);
  EXPECT_EQ(hftsim("backtest --set features.list=smaa_5 --force --out run").exit_code, 2);
  std::vector<std::string> lines = test::good_lines(50);
  lines[1] = "1704067200,100,120,90,nan,5,10";
  write("bad.csv", test::joined(lines));
  EXPECT_EQ(hftsim("backtest --data bad.csv --force --out run").exit_code, 2);
  EXPECT_TRUE(read("run/summary.json") + read("run/journal") == before);
}

TEST_F(PartialRun, DataOfWhichThePolicyKeepsNoBarIsRefused) {
  write("bad.csv", "timestamp,open,high,low,close,volume\n1704067200,1,2,1,-1,3\n1704067260,1,2,1,-1,3\n");
  const CliResult result = hftsim("backtest --data bad.csv --set data.policy=skip --out run");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "2 x bad_price");
  EXPECT_FALSE(exists("run"));
}

TEST_F(PartialRun, RefusesAFolderThatNobodyMayWrite) {
  const CliResult result = hftsim("backtest --set data.bars=500 --out /proc/hftsim-run");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "/proc/hftsim-run");
}

}  // namespace
}  // namespace hftsim
