// Bars made of recordings' trades: as data of a backtest, of features, and written out.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "engine/core/errors.h"
#include "replay/recording_reader.h"
#include "tests/replay/recording_bench.h"
#include "tests/replay/trade_bars_bench.h"
#include "tests/tools/cli.h"
#include "tools/bar_spec_text.h"

namespace hftsim {
namespace {

using namespace test;

const std::vector<Instrument> kTwo{traded("AAA"), traded("BBB")};

class TradeBarsCommand : public CliTest {
 protected:
  void write_market(const char* name, const std::vector<Event>& events,
                    std::vector<Instrument> instruments = kTwo) const {
    RecordingHeader header;
    header.instruments = std::move(instruments);
    write_recording(folder() / name, events, header);
  }
  CliResult run(const std::string& options) const { return hftsim("backtest --out none --json " + options); }
  nlohmann::json summary_of(const std::string& options) const {
    const CliResult result = run(options);
    EXPECT_EQ(result.exit_code, 0) << options << "\n" << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }
  void expect_exit(int code, const std::string& arguments, const std::string& part) const {
    const CliResult result = hftsim(arguments);
    EXPECT_EQ(result.exit_code, code) << arguments << "\n" << result.err;
    EXPECT_MENTIONS(result.out + result.err, part);
  }
  std::uint64_t count_of(const nlohmann::json& summary, const std::string& kind) const {
    for (const auto& finding : summary["data"]["findings"]) {
      if (finding["kind"] == kind) return finding["count"];
    }
    return 0;
  }
};

TEST(BarSpecText, ReadsTimesTradesVolumeAndMoney) {
  const auto is = [](const char* text, const BarSpec& spec) {
    EXPECT_EQ(parse_bar_spec(text, "--bars"), spec) << text;
  };
  is("1m", {BarMeasure::time, kMinute});
  is("5s", {BarMeasure::time, 5 * kSecond});
  is("1d", {BarMeasure::time, kDay});
  is("400d", {BarMeasure::time, 400 * kDay});
  is("1000t", {BarMeasure::trades, kMinute, 1, 3});
  is("1e3t", {BarMeasure::trades, kMinute, 1, 3});
  is("0.5e1t", {BarMeasure::trades, kMinute, 5, 0});
  is("50v", {BarMeasure::volume, kMinute, 5, 1});
  is("0.125v", {BarMeasure::volume, kMinute, 125, -3});
  is("1e6d", {BarMeasure::dollar, kMinute, 1, 6});
  is("1e2d", {BarMeasure::dollar, kMinute, 1, 2});
  is("250000d", {BarMeasure::dollar, kMinute, 25, 4});
  is("401d", {BarMeasure::dollar, kMinute, 401, 0});
}

TEST(BarSpecText, RefusesWhatIsNone) {
  for (const char* text :
       {"",      "m",      "t",   "60",   "0t",    "0.5t", "-5t",   "1e-3t", "1e99d",
        "1000x", "1 000t", "1e6", "nant", "1e6d ", ".5v",  "1..5v", "1e+v",  "1234567890123456789t",
        "0v",    "0m"}) {
    EXPECT_THROW(parse_bar_spec(text, "--bars"), BadInput) << text;
  }
}

TEST_F(TradeBarsCommand, BacktestTakesBarsOfEveryKindTheSameOnAnyThreadsAndBlocks) {
  write_market("m.hfr", market(1, 60'000, 2));
  for (const std::string bars : {"10s", "50t", "150v", "1e7d"}) {
    const std::string options = "--data m.hfr --set metrics.bars_per_year=1e6 --bars " + bars;
    const auto summary = summary_of(options);
    EXPECT_GT(summary["bars"].get<int>(), 200) << summary.dump(1);
    for (const char* more : {" --threads pipelined", " --block 1", " --block 5000"}) {
      EXPECT_EQ(summary_of(options + more)["journal_hash"], summary["journal_hash"]) << bars << more;
    }
  }
}

TEST_F(TradeBarsCommand, BarsWrittenOutGiveTheSameRunAsThoseMadeOnTheWay) {
  write_market("m.hfr", market(2, 60'000, 2));
  for (const std::string bars : {"30s", "50t"}) {
    const std::string set = " --set metrics.bars_per_year=1e6 ";
    const auto hash = summary_of("--data m.hfr --bars " + bars + set)["journal_hash"];
    expect_exit(0, "recording bars m.hfr --force --out b.hfr --bars " + bars, "incomplete bars at the ends");
    EXPECT_EQ(summary_of("--data b.hfr" + set)["journal_hash"], hash) << bars;
    expect_exit(0, "recording bars m.hfr --force --keep trade --keep quote --out k.hfr --bars " + bars,
                "bars of");
    EXPECT_EQ(summary_of("--data k.hfr" + set)["journal_hash"], hash) << bars << ", trades beside them";
    EXPECT_EQ(summary_of("--data k.hfr --bars " + bars + set)["journal_hash"], hash) << "made again";
    expect_exit(0, "recording verify k.hfr", "whole");
  }
  expect_exit(0, "recording bars m.hfr --symbol AAA --bars 30s --out AAA.parquet", "AAA.parquet");
  expect_exit(0, "recording bars m.hfr --symbol BBB --bars 30s --out BBB.csv", "BBB.csv");
  EXPECT_EQ(summary_of("--data AAA.parquet BBB.csv")["journal_hash"],
            summary_of("--data m.hfr --bars 30s")["journal_hash"]);
}

TEST_F(TradeBarsCommand, MinutesOfGeneratedTradesGiveTheRunOfTheGeneratedBars) {
  ASSERT_EQ(hftsim("generate --level trades --bars 400 --symbols 2 --out t.hfr").exit_code, 0);
  const auto summary = summary_of("--data t.hfr");
  EXPECT_EQ(summary["bars"], 800);
  EXPECT_EQ(summary_of("--data t.hfr --bars 1m")["journal_hash"], summary["journal_hash"]);
  EXPECT_NE(summary_of("--data t.hfr --bars 2m")["journal_hash"], summary["journal_hash"]);
}

TEST_F(TradeBarsCommand, SaysHowManyBarsWereLeftOutAtTheEndsAndWhatWasOffTheBook) {
  const std::vector<Event> events{trade_at(kNoonNs + 5, 100, 1, 7), trade_at(kNoonNs + kMinuteNs, 100, 1, 8),
                                  trade_at(kNoonNs + 2 * kMinuteNs, 100, 1, 9, 0, kOffBook),
                                  trade_at(kNoonNs + 3 * kMinuteNs, 100, 1, 10)};
  write_market("m.hfr", events, {traded()});
  const auto summary = summary_of("--data m.hfr --bars 1m");
  EXPECT_EQ(summary["bars"], 2);
  EXPECT_EQ(count_of(summary, "partial_bar"), 2u);
  EXPECT_EQ(count_of(summary, "off_book_trade"), 1u);
}

TEST_F(TradeBarsCommand, BadTradesAndGapsMeetThePolicy) {
  auto events = market(3, 20'000, 1);
  events[10'000].kind = EventKind::trade;
  events[10'000].trade = {-5, 1, 1, 1, 1};
  events[10'000].flags = 0;
  write_market("bad.hfr", events, {traded()});
  expect_exit(2, "backtest --data bad.hfr --bars 1m --out none", "bad_trade");
  EXPECT_EQ(count_of(summary_of("--data bad.hfr --bars 1m --set data.policy=skip"), "bad_trade"), 1u);

  std::vector<Event> cut = market(4, 20'000, 1);
  const std::int64_t cut_ns = cut[10'000].ts_ns;
  for (std::size_t i = 10'000; i < cut.size(); ++i)
    cut[i].ts_ns = cut[i].recv_ns = cut[i].ts_ns + 30 * kMinuteNs;
  cut.insert(cut.begin() + 10'000, mark_at(cut_ns, SessionMark::disconnected));
  write_market("cut.hfr", cut, {traded()});
  expect_exit(2, "backtest --data cut.hfr --bars 1m --out none", "gap");
  const auto skipped = summary_of("--data cut.hfr --bars 1m --set data.policy=skip");
  EXPECT_EQ(count_of(skipped, "gap"), 1u);
  EXPECT_EQ(count_of(skipped, "recorded_gap"), 1u);
  const auto repaired = summary_of("--data cut.hfr --bars 1m --set data.policy=repair");
  EXPECT_GT(repaired["bars"], skipped["bars"]);
}

TEST_F(TradeBarsCommand, RefusesWhatHasNoTradesOrNoSuchBars) {
  write_market("m.hfr", market(5, 1000, 2));
  write_market("q.hfr", {quote_at(5)}, {traded()});
  expect_exit(2, "backtest --data m.hfr --out none", "--bars 1m");
  expect_exit(2, "backtest --data q.hfr --bars 1m --out none",
              "a recording with 1 x quote, expected trades in it");
  expect_exit(2, "backtest --data m.hfr --bars 10 --out none", "--bars: data.trade_bars: got '10'");
  expect_exit(2, "backtest --data m.hfr --bars 50t --out none", "metrics.bars_per_year");
  expect_exit(2, "backtest --data m.hfr --bars 1m --set data.interval=1m --out none", "data.interval");
  expect_exit(2, "backtest --bars 1m --out none", "data.trade_bars");
  expect_exit(2, "backtest --data m.hfr --bars 999999999999999999e30v --out none", "2^127");
  expect_exit(2, "backtest --data none.hfr --bars 1m --out none", "none.hfr: cannot open");
  write("empty.hfr", "");
  expect_exit(2, "backtest --data empty.hfr --bars 1m --out none", "empty.hfr: got 0 bytes");
  write("b.csv", joined(good_lines(50)));
  expect_exit(2, "backtest --data b.csv --bars 1m --out none", "a recording with trades");
  expect_exit(2, "features --data b.csv --bars 1m --out f.csv", "a recording with trades");
  expect_exit(2, "recording bars m.hfr --bars 1m --out m.hfr --force", "the file that is read");
  expect_exit(2, "recording bars m.hfr --bars 1m --keep bar --out x.hfr", "--keep");
  expect_exit(2, "recording bars m.hfr --bars 1m --keep trade --out x.csv", "--keep");
  expect_exit(2, "recording bars q.hfr --bars 1m --out x.csv", "trades in it");
  expect_exit(2, "recording bars m.hfr --bars 1m --out nowhere/x.hfr", "no folder nowhere");
  expect_exit(2, "recording bars m.hfr --bars 1m --out nowhere/x.csv", "no folder nowhere");
}

TEST_F(TradeBarsCommand, SayThatARecordingWasCutOff) {
  RecordingHeader header;
  header.instruments = kTwo;
  auto events = market(8, 20'000, 2);
  write_recording(folder() / "cut.hfr", events, header, {}, false);
  EXPECT_EQ(count_of(summary_of("--data cut.hfr --bars 1m"), "recorded_gap"), 1u);
  expect_exit(0, "recording bars cut.hfr --bars 1m --keep trade --out b.hfr", "cut.hfr: ");
  RecordingReader reader(folder() / "b.hfr");
  const auto bars = read_all(reader);
  write_recording(folder() / "bars.hfr", bars, reader.header(), {}, false);
  EXPECT_EQ(count_of(summary_of("--data bars.hfr"), "recorded_gap"), 2u) << "of each symbol's bars";
}

TEST_F(TradeBarsCommand, WriteNothingWhereTheDiskIsFull) {
  write_market("m.hfr", market(7, 30'000, 2));
  for (const std::string out : {"x.hfr", "x.csv"}) {
    const CliResult result =
        hftsim("recording bars m.hfr --bars 1t --out " + out, "trap '' XFSZ; ulimit -f 100;");
    EXPECT_EQ(result.exit_code, 1) << out << "\n" << result.err;
    EXPECT_MENTIONS(result.err, "x.");
    EXPECT_FALSE(exists(out));
    EXPECT_FALSE(exists(out + ".part"));
  }
}

TEST_F(TradeBarsCommand, WalkForwardSaysBeforeItTrainsWhatTheRunWouldRefuse) {
  std::vector<Event> events;
  for (std::int64_t i = 0; i < 400; ++i) {  // each two at one time
    events.push_back(
        trade_at(kNoonNs + i / 2 * 1'000'000'000, 1000 + i % 7, 5, static_cast<std::uint64_t>(i) + 1));
  }
  write_market("m.hfr", events, {traded()});
  const std::string walk =
      "walkforward --data m.hfr --bars 1t --features return_1 --lookback 5 --epochs 1 --test-bars 50 --out "
      "wf ";
  expect_exit(2, walk + "--train-bars 100", "metrics.bars_per_year");
  expect_exit(2, walk + "--train-bars 100 --set metrics.bars_per_year=1e6", "bars which close together");
  EXPECT_FALSE(exists("wf"));
}

TEST_F(TradeBarsCommand, FeaturesOfTradeBarsAreThoseOfTheBarsWrittenOut) {
  write_market("m.hfr", market(6, 30'000, 1), {traded("AAA")});
  ASSERT_EQ(hftsim("recording bars m.hfr --bars 30s --out AAA.parquet").exit_code, 0);
  expect_exit(0, "features --data AAA.parquet --out a.csv", "a.csv");
  expect_exit(0, "features --data m.hfr --bars 30s --out b.csv", "partial_bar");
  EXPECT_EQ(read("b.csv"), read("a.csv"));
  expect_exit(0, "features --data m.hfr --bars 40t --out c.csv", "c.csv");
  expect_exit(0, "features --data m.hfr --bars 30s --rank", "rows of");
  write_market("two.hfr", market(6, 3000, 2));
  expect_exit(2, "features --data two.hfr --bars 30s --out d.csv", "2 instruments");
}

}  // namespace
}  // namespace hftsim
