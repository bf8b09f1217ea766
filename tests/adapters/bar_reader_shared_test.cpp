// The reader on real files: the sample, Binance's bulk klines with an outage, daily quotes.
#include "adapters/bar_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tests/adapters/bar_files.h"
#include "tests/adapters/shared_data.h"

namespace hftsim {
namespace {

constexpr const char* kSample = "data/BTCUSDT-1m.parquet";
constexpr const char* kOutage = "data/binance/BTCUSDT-1h-2023-03.csv";
constexpr const char* kQuotes = "data/indicators/quotes.csv";

std::string open_time(const Finding& finding) {
  return format_utc(finding.open_ts);
}

TEST(BarReaderShared, ReadsTheSampleAsMinuteBars) {
  HFTSIM_NEED_SHARED(kSample);
  BarReader reader(shared_file(kSample));
  EXPECT_EQ(reader.size_hint(), 10'080u);
  EXPECT_EQ(reader.instruments()[0].symbol, "BTCUSDT");
  EXPECT_EQ(reader.interval(), kMinute);
  const std::vector<Event> bars = read_all(reader);
  ASSERT_EQ(bars.size(), 10'080u);
  EXPECT_EQ(format_utc(*reader.first_open()), "2026-01-02 05:30:00");
  EXPECT_EQ(format_utc(*reader.last_open()), "2026-01-09 05:29:00");
  EXPECT_EQ(format_utc(bars[0].ts()), "2026-01-02 05:31:00");
  EXPECT_EQ(bars[0].kind, EventKind::bar);
  EXPECT_FALSE(bars[0].has(kNoTradeCount));
  EXPECT_GT(bars[0].trades, 0u);
  EXPECT_EQ(reader.findings().total(), 0u);
}

TEST(BarReaderShared, GivesTheSameBarsWhateverTheBlock) {
  HFTSIM_NEED_SHARED(kSample);
  BarReader whole(shared_file(kSample));
  const std::vector<Event> expected = read_all(whole, 20'000);
  for (const std::size_t block : {1u, 7u, 4096u}) {
    BarReader reader(shared_file(kSample));
    const std::vector<Event> bars = read_all(reader, block);
    ASSERT_EQ(bars.size(), expected.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
      ASSERT_EQ(bars[i].ts_ns, expected[i].ts_ns);
      ASSERT_EQ(bars[i].bar.close, expected[i].bar.close);
      ASSERT_EQ(bars[i].trades, expected[i].trades);
    }
  }
}

TEST(BarReaderShared, RejectsTheOutageAtItsFirstBar) {
  HFTSIM_NEED_SHARED(kOutage);
  BarReader reader(shared_file(kOutage));
  EXPECT_EQ(reader.interval(), 60 * kMinute);
  try {
    read_all(reader);
    FAIL() << "the outage went through";
  } catch (const BadInput& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("BTCUSDT-1h-2023-03.csv:566"), std::string::npos) << message;
    EXPECT_NE(message.find("2023-03-24 12:00:00 UTC: short_bar"), std::string::npos) << message;
    EXPECT_NE(message.find("12:39:41.646"), std::string::npos) << message;
    EXPECT_NE(message.find("--set data.policy=skip"), std::string::npos) << message;
  }
}

TEST(BarReaderShared, SkipDropsTheOutageBarAndKeepsTheGap) {
  HFTSIM_NEED_SHARED(kOutage);
  BarReader reader(shared_file(kOutage), {.policy = DataPolicy::skip});
  const std::vector<Event> bars = read_all(reader);
  EXPECT_EQ(bars.size(), 742u);
  const DataFindings& findings = reader.findings();
  ASSERT_EQ(findings.first.size(), 2u);
  EXPECT_EQ(findings.first[0].kind, FindingKind::short_bar);
  EXPECT_EQ(open_time(findings.first[0]), "2023-03-24 12:00:00");
  EXPECT_EQ(findings.first[0].action, "dropped");
  EXPECT_EQ(findings.first[1].kind, FindingKind::gap);
  EXPECT_EQ(open_time(findings.first[1]), "2023-03-24 13:00:00");
  EXPECT_EQ(findings.first[1].value, "1 bar missing");
  EXPECT_EQ(findings.first[1].action, "kept");
}

TEST(BarReaderShared, RepairFillsTheOutage) {
  HFTSIM_NEED_SHARED(kOutage);
  BarReader reader(shared_file(kOutage), {.policy = DataPolicy::repair});
  const std::vector<Event> bars = read_all(reader, 16);
  ASSERT_EQ(bars.size(), 744u);
  for (std::size_t i = 1; i < bars.size(); ++i) ASSERT_EQ(bars[i].ts() - bars[i - 1].ts(), 60 * kMinute);
  const Event& filled = bars[565];
  EXPECT_EQ(format_utc(filled.ts() - reader.interval()), "2023-03-24 13:00:00");
  EXPECT_TRUE(filled.has(kRepaired));
  EXPECT_EQ(filled.bar.open, 28080.0);
  EXPECT_EQ(filled.bar.volume, 0.0);
  EXPECT_EQ(reader.findings().count(FindingKind::gap), 1u);
}

TEST(BarReaderShared, ReadsDailyQuotesAndOnlyCountsTheirWeekends) {
  HFTSIM_NEED_SHARED(kQuotes);
  BarReader reader(shared_file(kQuotes), {.symbol = "SPY"});
  const std::vector<Event> bars = read_all(reader);
  EXPECT_EQ(bars.size(), 502u);
  EXPECT_EQ(reader.interval(), kDay);
  EXPECT_EQ(format_utc(*reader.first_open()), "2017-01-03 00:00:00");
  EXPECT_EQ(bars[0].bar.close, 212.8);
  EXPECT_TRUE(bars[0].has(kNoTradeCount));
  EXPECT_GT(reader.findings().count(FindingKind::gap), 50u);
  EXPECT_EQ(reader.findings().total(), reader.findings().count(FindingKind::gap));
}

}  // namespace
}  // namespace hftsim
