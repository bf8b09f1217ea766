// hftsim verify: each way in which two runs can differ is found and named.
#include <nlohmann/json.hpp>

#include "replay/journal_file.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;

class Verify : public test::CliTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(hftsim("backtest --set data.bars=5000 --no-report --out a").exit_code, 0);
    std::filesystem::copy(folder() / "a", folder() / "b");
  }

  std::vector<JournalRecord> records() const {
    JournalFileReader reader(folder() / "a/journal");
    std::vector<JournalRecord> all;
    for (auto some = reader.next(); !some.empty(); some = reader.next())
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }
  void write_journal_of_b(const std::vector<JournalRecord>& records) const {
    JournalFile file(folder() / "b/journal");
    file.write(records);
    file.close();
  }
  std::string difference() const {
    const CliResult forth = hftsim("verify a b"), back = hftsim("verify b a");
    EXPECT_EQ(forth.exit_code, 1) << forth.out << forth.err;
    EXPECT_EQ(back.exit_code, 1);
    return forth.out;
  }
};

TEST_F(Verify, SaysThatCopiesAreTheSame) {
  const CliResult result = hftsim("verify a b");
  EXPECT_EQ(result.exit_code, 0);
  const auto summary = nlohmann::json::parse(read("a/summary.json"));
  EXPECT_MENTIONS(result.out, summary["journal_hash"].get<std::string>());
  EXPECT_EQ(hftsim("verify a a").exit_code, 0);
}

TEST_F(Verify, NamesTheOneRecordThatDiffers) {
  auto changed = records();
  ASSERT_GT(changed.size(), 50U);
  changed[43].order_id += 7;
  write_journal_of_b(changed);
  const std::string message = difference();
  EXPECT_MENTIONS(message, "journal");
  EXPECT_MENTIONS(message, "number 43");
  EXPECT_MENTIONS(message, describe(changed[43]));
  EXPECT_MENTIONS(message, describe(records()[43]));
}

TEST_F(Verify, NamesWhereTheShorterOneEnds) {
  auto shorter = records();
  shorter.resize(20);
  write_journal_of_b(shorter);
  const std::string message = difference();
  EXPECT_MENTIONS(message, "number 20");
  EXPECT_MENTIONS(message, "ends here");
}

TEST_F(Verify, NamesTheFirstEquityMarkThatDiffers) {
  ASSERT_EQ(
      hftsim("backtest --set data.bars=5000 --set account.initial_capital=100000.01 --no-report --out c")
          .exit_code,
      0);
  std::filesystem::copy_file(folder() / "c/equity.parquet", folder() / "b/equity.parquet",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string message = difference();
  EXPECT_MENTIONS(message, "equity");
  EXPECT_MENTIONS(message, "number 0");
  EXPECT_MENTIONS(message, "100000.01");
}

TEST_F(Verify, DoesNotTrustASummaryThatSaysSomethingElse) {
  auto summary = nlohmann::json::parse(read("b/summary.json"));
  summary["journal_hash"] = std::string(32, '0');
  write("b/summary.json", summary.dump());
  EXPECT_MENTIONS(difference(), std::string(32, '0'));
}

TEST_F(Verify, NamesWhatARunLacks) {
  for (const char* file : {"config.toml", "journal"}) {
    std::filesystem::remove_all(folder() / "b");
    std::filesystem::copy(folder() / "a", folder() / "b");
    std::filesystem::remove(folder() / "b" / file);
    const CliResult result = hftsim("verify a b");
    EXPECT_EQ(result.exit_code, 2) << file;
    EXPECT_MENTIONS(result.err, file);
  }
}

TEST_F(Verify, SaysWhatWasKeptOfARunThatNeverCameToItsSummary) {
  for (const char* file : {"summary.json", "equity.parquet"}) {
    std::filesystem::remove_all(folder() / "b");
    std::filesystem::copy(folder() / "a", folder() / "b");
    std::filesystem::remove(folder() / "b" / file);
    EXPECT_MENTIONS(difference(), std::string(file) + " is missing");
  }
  std::filesystem::remove(folder() / "b/summary.json");
  EXPECT_MENTIONS(difference(), std::to_string(records().size()) + " records up to");
}

TEST_F(Verify, SaysThatAJournalIsTornAndContradictsItsSummary) {
  std::filesystem::resize_file(folder() / "b/journal",
                               std::filesystem::file_size(folder() / "b/journal") - 70);
  const std::string message = difference();
  EXPECT_MENTIONS(message, "B (b): journal: ");
  EXPECT_MENTIONS(message, "cut off inside a block");
  EXPECT_MENTIONS(message, "B (b): it contradicts itself");
  std::filesystem::remove_all(folder() / "a");
  std::filesystem::copy(folder() / "b", folder() / "a");
  EXPECT_MENTIONS(difference(), "what can be read is the same");
}

TEST_F(Verify, RefusesASummaryOfWrongTypes) {
  auto summary = nlohmann::json::parse(read("b/summary.json"));
  summary["journal_hash"] = 5;
  write("b/summary.json", summary.dump());
  const CliResult result = hftsim("verify a b");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "b/summary.json: journal_hash: got 5, expected string");
}

}  // namespace
}  // namespace hftsim
