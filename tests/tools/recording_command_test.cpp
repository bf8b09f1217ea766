// hftsim recording, and recordings as data of a backtest.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "replay/key_order.h"
#include "replay/part_file.h"
#include "replay/recording_reader.h"
#include "tests/replay/recording_bench.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;

class RecordingCommand : public test::CliTest {
 protected:
  void expect_exit(int code, const std::string& arguments, const std::string& part) const {
    const CliResult result = hftsim(arguments);
    EXPECT_EQ(result.exit_code, code) << arguments << "\n" << result.err;
    EXPECT_MENTIONS(result.out + result.err, part);
  }
  std::string hash_of(const std::string& data) const {
    const CliResult result = hftsim("backtest --out none --json --data " + data);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out)["journal_hash"];
  }
  nlohmann::json summary_of(const std::string& options) const {
    return nlohmann::json::parse(hftsim("backtest --out none --json " + options).out);
  }
  std::filesystem::path path(const char* name) const { return folder() / name; }
  std::uint64_t events_in(const char* name) const { return RecordingReader(path(name)).event_count(); }
};

std::vector<Event> minute_bars(std::size_t count) {
  std::vector<Event> bars;
  for (std::size_t i = 0; i < count; ++i) {
    const double price = 100 + static_cast<double>(i % 7);
    bars.push_back(
        make_bar(Timestamp(1'704'067'260'000'000'000 + static_cast<std::int64_t>(i) * 60'000'000'000), 0,
                 {price, price + 1, price - 1, price, 5}, 3));
  }
  return bars;
}

TEST_F(RecordingCommand, SaysWhatIsInAndHowItEnded) {
  const auto events = test::make_events(3000);
  test::write_recording(path("a.hfr"), events);
  const CliResult info = hftsim("recording info a.hfr");
  EXPECT_EQ(info.exit_code, 0) << info.err;
  for (const char* part : {"seeded events", "exchange time", "3000", "SYM1", "price step 0.01",
                           "quantity step 0.005", "received early", "gap of", "complete"}) {
    EXPECT_MENTIONS(info.out, part);
  }
  for (const int level : {0, 3}) {
    test::write_recording(path("r.hfr"), test::make_events(3000, 1, 2, EventOrder::receive),
                          test::recording_header(2, EventOrder::receive), {.zstd_level = level}, false);
    const CliResult cut_off = hftsim("recording info r.hfr");
    EXPECT_MENTIONS(cut_off.out, "receive time, which a run takes as its clock");
    EXPECT_MENTIONS(cut_off.out, "its writer did not close it");
    EXPECT_EQ(cut_off.out.find("times smaller") != std::string::npos, level > 0);
  }
}

TEST_F(RecordingCommand, VerifiesWithAnExitCodeForEachEnd) {
  test::write_recording(path("a.hfr"), test::make_events(100), test::recording_header(),
                        {.block_events = 16});
  expect_exit(0, "recording verify a.hfr", "whole: 100 events in 7 blocks");
  auto bytes = test::bytes_of(path("a.hfr"));
  test::write_bytes(path("torn.hfr"), std::span(bytes).first(5000));
  expect_exit(1, "recording verify torn.hfr", "cut off inside a block");
  bytes[4000] ^= 1;
  test::write_bytes(path("bad.hfr"), bytes);
  expect_exit(2, "recording verify bad.hfr", "events block");
  expect_exit(2, "recording info bad.hfr", "events block");
  expect_exit(2, "recording verify none.hfr", "No such file");
  write("text.hfr", "no recording");
  expect_exit(2, "recording verify text.hfr", "a recording of market events");
}

TEST_F(RecordingCommand, CutsAndMergesBackToTheSameBytes) {
  auto events = test::make_events(5000);
  sort_by_key(events);
  test::write_recording(path("a.hfr"), events);
  ASSERT_EQ(hftsim("recording cut a.hfr --out all.hfr").exit_code, 0);
  const std::string middle = std::to_string(events[2000].ts_ns);
  ASSERT_EQ(hftsim("recording cut a.hfr --to " + middle + " --zstd 3 --out 1.hfr").exit_code, 0);
  ASSERT_EQ(hftsim("recording cut a.hfr --from " + middle + " --block 100 --out 2.hfr").exit_code, 0);
  EXPECT_EQ(events_in("1.hfr") + events_in("2.hfr"), 5000u);
  expect_exit(2, "recording merge 1.hfr 2.hfr --out m.hfr", "--share-symbols");
  ASSERT_EQ(hftsim("recording merge 2.hfr 1.hfr --share-symbols --out m.hfr").exit_code, 0);
  EXPECT_EQ(read("m.hfr"), read("all.hfr"));
  const CliResult twice = hftsim("recording merge 1.hfr 1.hfr --share-symbols --out twice.hfr");
  EXPECT_MENTIONS(twice.out, "kept twice; --drop-duplicates keeps one");
  const CliResult once =
      hftsim("recording merge all.hfr m.hfr --share-symbols --drop-duplicates --out once.hfr");
  EXPECT_MENTIONS(once.out, "5000 events are in two files");
  EXPECT_EQ(read("once.hfr"), read("all.hfr"));
}

TEST_F(RecordingCommand, CutsSymbolsAndKindsAndRefusesWhatIsNotThere) {
  test::write_recording(path("a.hfr"), test::make_events(900, 1, 3), test::recording_header(3));
  ASSERT_EQ(hftsim("recording cut a.hfr --symbol SYM2 --kind trade --kind quote --out s.hfr").exit_code, 0);
  const RecordingReader reader(path("s.hfr"));
  EXPECT_EQ(reader.header().instruments.size(), 1u);
  EXPECT_EQ((*reader.kind_counts())[0] + (*reader.kind_counts())[1], 0u);
  expect_exit(2, "recording cut a.hfr --symbol SYM7 --out x.hfr", "no symbol 'SYM7'");
  expect_exit(2, "recording cut a.hfr --kind trades --out x.hfr", "did you mean trade");
  expect_exit(2, "recording cut a.hfr --from then --out x.hfr", "--from");
  expect_exit(2, "recording cut a.hfr --from 2024-01-02 --to 2024-01-01 --out x.hfr", "after --from");
  expect_exit(2, "recording cut a.hfr --out s.hfr", "--force");
  expect_exit(2, "recording cut a.hfr --out a.hfr --force", "the file that is read");
  expect_exit(2, "recording cut a.hfr --out x.parquet", ".hfr");
  EXPECT_FALSE(exists("x.hfr"));
  EXPECT_FALSE(exists("x.hfr.part"));
}

TEST_F(RecordingCommand, RefusesANameThatAnotherProcessWrites) {
  test::write_recording(path("a.hfr"), test::make_events(10));
  const PartFile recording(path("x.hfr")), table(path("x.parquet"));
  expect_exit(2, "recording cut a.hfr --out x.hfr", "x.hfr: got a file that another process writes");
  expect_exit(2, "recording export a.hfr --kind trade --out x.parquet", "another process writes");
  EXPECT_FALSE(exists("x.hfr") || exists("x.parquet"));
  EXPECT_TRUE(exists("x.hfr.part") && exists("x.parquet.part"));
}

TEST_F(RecordingCommand, MergesOnlyWhatIsInOneOrder) {
  test::write_recording(path("a.hfr"), test::make_events(10));
  test::write_recording(path("r.hfr"), test::make_events(10, 1, 2, EventOrder::receive),
                        test::recording_header(2, EventOrder::receive));
  expect_exit(2, "recording merge a.hfr r.hfr --share-symbols --out m.hfr", "order of the other clock");
  auto corrected = test::recording_header();
  corrected.recv_correction_ns = 5;
  test::write_recording(path("c.hfr"), test::make_events(10), corrected);
  expect_exit(2, "recording merge a.hfr c.hfr --share-symbols --out m.hfr", "corrected by 5 ns");
}

TEST_F(RecordingCommand, ExportsATableOfEachKindOrAllAsLines) {
  test::write_recording(path("a.hfr"), test::make_events(900));
  const CliResult tables = hftsim("recording export a.hfr --out t.csv");
  EXPECT_EQ(tables.exit_code, 0) << tables.err;
  for (const char* name :
       {"t-trade.csv", "t-quote.csv", "t-book_change.csv", "t-bar.csv", "t-session_mark.csv"}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  EXPECT_FALSE(exists("t.csv"));
  expect_exit(2, "recording export a.hfr --out t.csv", "exists already");
  expect_exit(0, "recording export a.hfr --kind trade --out one.parquet", "one.parquet: ");
  expect_exit(0, "recording export a.hfr --out a.jsonl", "900 rows");
  expect_exit(2, "recording export a.hfr --kind trade --out b.jsonl", "--kind");
  expect_exit(2, "recording export a.hfr --out a.xlsx", ".parquet");
}

TEST_F(RecordingCommand, BacktestsBarsOfRecordingsAsThoseOfTables) {
  const std::string generate = "generate --bars 2000 --symbols 2 --out ";
  ASSERT_EQ(hftsim(generate + "b.hfr").exit_code, 0);
  ASSERT_EQ(hftsim(generate + "b.parquet").exit_code, 0);
  const std::string hash = hash_of("SYN1USDT-b.parquet SYN2USDT-b.parquet");
  EXPECT_EQ(hash_of("b.hfr"), hash);
  EXPECT_EQ(hash_of("b.hfr --threads pipelined"), hash);
  ASSERT_EQ(hftsim("recording cut b.hfr --symbol SYN1USDT --zstd 1 --out 1.hfr").exit_code, 0);
  std::filesystem::rename(path("1.hfr"), path("named.csv"));
  EXPECT_EQ(hash_of("named.csv SYN2USDT-b.parquet"), hash) << "told by how it begins, beside another format";
  ASSERT_EQ(hftsim("recording export named.csv --out SYN1USDT-e.parquet").exit_code, 0);
  EXPECT_EQ(hash_of("SYN1USDT-e.parquet SYN2USDT-b.parquet"), hash) << "exported bars are bars";
}

TEST_F(RecordingCommand, BacktestJudgesRecordedBarsAndShowsMarkedGaps) {
  auto bars = minute_bars(300);
  bars[100].bar.low = bars[100].bar.high + 1;
  Event gap{};
  gap.ts_ns = bars[50].ts_ns;
  gap.recv_ns = gap.ts_ns;
  gap.kind = EventKind::session_mark;
  gap.session = {SessionMark::gap, static_cast<std::uint32_t>(EventKind::trade), 10, 15, 5, 0};
  bars.insert(bars.begin() + 51, gap);
  test::write_recording(path("a.hfr"), bars, test::recording_header(1));
  expect_exit(2, "backtest --data a.hfr --out none", "a.hfr: bar 100 of SYM0");
  const auto findings = summary_of("--data a.hfr --set data.policy=skip")["data"]["findings"];
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0]["kind"], "bad_range");
  EXPECT_EQ(findings[1]["kind"], "recorded_gap");
  EXPECT_EQ(findings[1]["count"], 1);
  EXPECT_EQ(findings[1]["listed"][0]["value"], "gap of trade: 5 missing, 15 came where 10 was expected");
}

TEST_F(RecordingCommand, BacktestTakesBarsReceivedLateAtTheirClose) {
  auto bars = minute_bars(300);
  test::write_recording(path("exchange.hfr"), bars, test::recording_header(1));
  for (Event& bar : bars) bar.recv_ns += 250'000'000;
  test::write_recording(path("receive.hfr"), bars, test::recording_header(1, EventOrder::receive));
  EXPECT_EQ(hash_of("receive.hfr"), hash_of("exchange.hfr"));
}

TEST_F(RecordingCommand, BacktestRefusesRecordingsThatHaveNoBars) {
  auto trades = test::make_events(10);
  for (Event& event : trades) event.kind = EventKind::trade;
  test::write_recording(path("t.hfr"), trades);
  expect_exit(2, "backtest --data t.hfr --out none", "a recording with 10 x trade, expected bars in it");
  test::write_recording(path("b.hfr"), minute_bars(50), test::recording_header(1));
  expect_exit(2, "backtest --data b.hfr --set data.interval=5m --out none",
              "data.interval: got 5m, expected 1m");
}

}  // namespace
}  // namespace hftsim
