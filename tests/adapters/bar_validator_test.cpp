#include "adapters/bar_validator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/core/clock.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A good bar that opens `minute` minutes after 1970.
Event good_bar(std::int64_t minute) {
  return make_bar(Timestamp((minute + 1) * kMinute.value), 0, {10, 12, 9, 11, 5}, 3);
}

std::vector<Event> good_bars(std::int64_t count) {
  std::vector<Event> bars;
  for (std::int64_t minute = 0; minute < count; ++minute) bars.push_back(good_bar(minute));
  return bars;
}

struct Judged {
  std::vector<Event> bars;
  DataFindings findings;

  std::vector<std::int64_t> minutes() const {
    std::vector<std::int64_t> opens;
    for (const Event& bar : bars) opens.push_back(bar.ts_ns / kMinute.value - 1);
    return opens;
  }
};

BarValidatorOptions minute_options(DataPolicy policy) {
  return {.policy = policy, .symbol = "ABC", .interval = kMinute};
}

// Through run() alone, `step` bars at a time into room for `room`.
Judged judge(const std::vector<Event>& bars, BarValidatorOptions options, std::size_t step = 4,
             std::size_t room = 3) {
  BarValidator validator(std::move(options));
  Judged judged;
  std::vector<Event> out(room);
  std::size_t at = 0;
  while (at < bars.size() || validator.has_backlog()) {
    const auto some = std::span(bars).subspan(at, std::min(step, bars.size() - at));
    const BarValidator::Progress progress = validator.run(some, out);
    at += progress.consumed;
    judged.bars.insert(judged.bars.end(), out.begin(),
                       out.begin() + static_cast<std::ptrdiff_t>(progress.produced));
  }
  judged.findings = validator.findings();
  return judged;
}

Judged judge(const std::vector<Event>& bars, DataPolicy policy) {
  return judge(bars, minute_options(policy));
}

// What `reject` says about a stream whose bar of minute 5 is `bad`.
std::string rejection(const std::vector<Event>& bars) {
  return refusal([&] { judge(bars, DataPolicy::reject); });
}

void expect_one(const Judged& judged, FindingKind kind, std::int64_t minute, const std::string& action) {
  EXPECT_EQ(judged.findings.total(), 1u);
  ASSERT_EQ(judged.findings.count(kind), 1u);
  EXPECT_EQ(judged.findings.first[0].kind, kind);
  EXPECT_EQ(judged.findings.first[0].open_ts.value, minute * kMinute.value);
  EXPECT_EQ(judged.findings.first[0].symbol, "ABC");
  EXPECT_EQ(judged.findings.first[0].action, action);
}

// What ends the run is a finding like any other.
TEST(BarValidator, CountsWhatItRefuses) {
  std::vector<Event> bars = good_bars(6);
  bars[5].bar.volume = -1;
  BarValidator validator(minute_options(DataPolicy::reject));
  std::vector<Event> out(8);
  EXPECT_THROW(validator.run(bars, out), BadInput);
  EXPECT_EQ(validator.findings().counts[static_cast<std::size_t>(FindingKind::negative_volume)], 1U);
  ASSERT_EQ(validator.findings().first.size(), 1U);
  EXPECT_EQ(validator.findings().first[0].action, "refused");
}

TEST(BarValidator, LetsGoodBarsThroughUntouched) {
  const std::vector<Event> bars = good_bars(50);
  for (const DataPolicy policy : {DataPolicy::reject, DataPolicy::skip, DataPolicy::repair}) {
    const Judged judged = judge(bars, policy);
    ASSERT_EQ(judged.bars.size(), bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
      ASSERT_EQ(judged.bars[i].ts_ns, bars[i].ts_ns);
      ASSERT_EQ(judged.bars[i].flags, 0);
    }
    EXPECT_EQ(judged.findings.total(), 0u);
  }
}

TEST(BarValidator, FindsAGap) {
  std::vector<Event> bars = good_bars(10);
  bars.erase(bars.begin() + 5, bars.begin() + 7);
  EXPECT_MENTIONS(rejection(bars), "ABC 1970-01-01 00:05:00 UTC: gap: got 2 bars missing");

  const Judged skipped = judge(bars, DataPolicy::skip);
  expect_one(skipped, FindingKind::gap, 5, "kept");
  EXPECT_EQ(skipped.bars.size(), 8u);

  const Judged repaired = judge(bars, DataPolicy::repair);
  expect_one(repaired, FindingKind::gap, 5, "2 filled");
  EXPECT_EQ(repaired.minutes(), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  for (const std::size_t i : {5u, 6u}) {
    const Event& fill = repaired.bars[i];
    EXPECT_TRUE(fill.has(kRepaired));
    EXPECT_EQ(fill.bar.open, 11);
    EXPECT_EQ(fill.bar.high, 11);
    EXPECT_EQ(fill.bar.low, 11);
    EXPECT_EQ(fill.bar.close, 11);
    EXPECT_EQ(fill.bar.volume, 0);
    EXPECT_EQ(fill.trades, 0u);
    EXPECT_EQ(fill.recv_ns, fill.ts_ns);
  }
  EXPECT_FALSE(repaired.bars[7].has(kRepaired));
}

TEST(BarValidator, DoesNotFillAGapWithoutEnd) {
  std::vector<Event> bars = good_bars(2);
  bars.push_back(good_bar(2 + BarValidator::kFillMax + 1));
  const Judged judged = judge(bars, DataPolicy::repair);
  expect_one(judged, FindingKind::gap, 2, "kept");
  EXPECT_EQ(judged.bars.size(), 3u);
}

TEST(BarValidator, OnlyCountsTheWeekendsOfDailyBarsButRejectsMonths) {
  const auto daily = [](std::int64_t day) {
    return make_bar(Timestamp((day + 1) * kDay.value), 0, {1, 1, 1, 1, 1}, 0);
  };
  BarValidatorOptions options{.policy = DataPolicy::reject, .symbol = "ABC", .interval = kDay};
  const std::vector<Event> weekend{daily(0), daily(3), daily(9)};  // two and five days missing
  const Judged judged = judge(weekend, options);
  EXPECT_EQ(judged.bars.size(), 3u);
  EXPECT_EQ(judged.findings.count(FindingKind::gap), 2u);
  EXPECT_EQ(judged.findings.first[0].action, "kept");
  const std::vector<Event> longer{daily(0), daily(7)};
  EXPECT_MENTIONS(refusal([&] { judge(longer, options); }), "gap: got 6 bars missing");
  options.policy = DataPolicy::repair;
  EXPECT_EQ(judge(weekend, options).bars.size(), 3u);
}

TEST(BarValidator, TakesDailyBarsThatShiftWithDaylightSaving) {
  std::vector<Event> bars;
  for (std::int64_t day = 0; day < 4; ++day) {
    const std::int64_t shift_ns = day >= 2 ? 60 * kMinute.value : 0;
    bars.push_back(make_bar(Timestamp(day * kDay.value - shift_ns), 0, {1, 1, 1, 1, 1}, 0));
  }
  const Judged judged = judge(bars, {.policy = DataPolicy::reject, .interval = kDay});
  EXPECT_EQ(judged.findings.total(), 0u);
}

TEST(BarValidator, FindsADuplicateAndKeepsTheFirst) {
  std::vector<Event> bars = good_bars(10);
  bars.insert(bars.begin() + 6, good_bar(5));
  bars[6].bar.close = 9.5;
  EXPECT_MENTIONS(rejection(bars), "00:05:00 UTC: duplicate");
  for (const DataPolicy policy : {DataPolicy::skip, DataPolicy::repair}) {
    const Judged judged = judge(bars, policy);
    expect_one(judged, FindingKind::duplicate, 5, "dropped");
    ASSERT_EQ(judged.bars.size(), 10u);
    EXPECT_EQ(judged.bars[5].bar.close, 11);
  }
}

TEST(BarValidator, FindsABarOutOfOrder) {
  std::vector<Event> bars = good_bars(10);
  bars.insert(bars.begin() + 8, good_bar(5));
  EXPECT_MENTIONS(rejection(bars), "00:05:00 UTC: out_of_order");
  for (const DataPolicy policy : {DataPolicy::skip, DataPolicy::repair}) {
    const Judged judged = judge(bars, policy);
    expect_one(judged, FindingKind::out_of_order, 5, "dropped");
    EXPECT_EQ(judged.bars.size(), 10u);
  }
}

TEST(BarValidator, FindsABarOffTheGrid) {
  std::vector<Event> bars = good_bars(10);
  bars[5].ts_ns += 7 * kSecond.value;
  bars[5].recv_ns = bars[5].ts_ns;
  EXPECT_MENTIONS(rejection(bars), "00:05:07 UTC: off_boundary: got a time 7000000000 ns past the 1m grid");
  const Judged skipped = judge(bars, DataPolicy::skip);
  EXPECT_EQ(skipped.findings.count(FindingKind::off_boundary), 1u);
  EXPECT_EQ(skipped.bars.size(), 9u);
  const Judged repaired = judge(bars, DataPolicy::repair);
  EXPECT_EQ(repaired.findings.total(), 1u);
  EXPECT_EQ(repaired.minutes(), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_TRUE(repaired.bars[5].has(kRepaired));
}

TEST(BarValidator, DropsABarOffTheGridWhoseSlotIsTaken) {
  std::vector<Event> bars = good_bars(10);
  bars.insert(bars.begin() + 6, bars[5]);
  bars[6].ts_ns += 7 * kSecond.value;
  bars[6].recv_ns = bars[6].ts_ns;
  const Judged judged = judge(bars, DataPolicy::repair);
  EXPECT_EQ(judged.findings.first[0].action, "dropped");
  EXPECT_EQ(judged.bars.size(), 10u);
}

TEST(BarValidator, PutsTheGridWhereTheSessionBegins) {
  std::vector<Event> bars = good_bars(10);
  for (Event& bar : bars) bar.recv_ns = bar.ts_ns += 30 * kSecond.value;
  BarValidatorOptions options = minute_options(DataPolicy::reject);
  options.phase = 30 * kSecond;
  EXPECT_EQ(judge(bars, options).bars.size(), 10u);
}

TEST(BarValidator, FindsABarThatClosedBeforeItsBoundary) {
  std::vector<Event> bars = good_bars(10);
  bars[5].recv_ns -= 20 * kSecond.value;
  EXPECT_MENTIONS(rejection(bars), "00:05:00 UTC: short_bar: got a close at 1970-01-01 00:05:40");
  const Judged skipped = judge(bars, DataPolicy::skip);
  expect_one(skipped, FindingKind::short_bar, 5, "dropped");
  EXPECT_EQ(skipped.bars.size(), 9u);
  const Judged repaired = judge(bars, DataPolicy::repair);
  expect_one(repaired, FindingKind::short_bar, 5, "kept");
  EXPECT_TRUE(repaired.bars[5].has(kRepaired));
  EXPECT_EQ(repaired.bars[5].recv_ns, repaired.bars[5].ts_ns);
}

TEST(BarValidator, FindsTheLastBarStillOpen) {
  const std::vector<Event> bars = good_bars(10);
  for (const DataPolicy policy : {DataPolicy::reject, DataPolicy::skip, DataPolicy::repair}) {
    BarValidatorOptions options = minute_options(policy);
    options.now = Timestamp(10 * kMinute.value - 1);
    if (policy == DataPolicy::reject) {
      EXPECT_MENTIONS(refusal([&] { judge(bars, options); }), "00:09:00 UTC: still_open");
    } else {
      const Judged judged = judge(bars, options);
      expect_one(judged, FindingKind::still_open, 9, "dropped");
      EXPECT_EQ(judged.bars.size(), 9u);
    }
    options.now = Timestamp(10 * kMinute.value);
    EXPECT_EQ(judge(bars, options).bars.size(), 10u);
  }
}

struct BadValue {
  const char* name;
  BarBody body;
  FindingKind kind;
  const char* action;
  BarBody repaired;
};

class BarValidatorValues : public ::testing::TestWithParam<BadValue> {};

TEST_P(BarValidatorValues, AreFoundAndHandledByPolicy) {
  const BadValue& bad = GetParam();
  std::vector<Event> bars = good_bars(10);
  bars[5].bar = bad.body;
  EXPECT_MENTIONS(rejection(bars), "00:05:00 UTC: " + std::string(name_of(bad.kind)));
  const Judged skipped = judge(bars, DataPolicy::skip);
  expect_one(skipped, bad.kind, 5, "dropped");
  EXPECT_EQ(skipped.bars.size(), 9u);
  const Judged repaired = judge(bars, DataPolicy::repair);
  expect_one(repaired, bad.kind, 5, bad.action);
  ASSERT_EQ(repaired.bars.size(), 10u);
  const BarBody& bar = repaired.bars[5].bar;
  EXPECT_TRUE(repaired.bars[5].has(kRepaired));
  EXPECT_EQ(bar.open, bad.repaired.open);
  EXPECT_EQ(bar.high, bad.repaired.high);
  EXPECT_EQ(bar.low, bad.repaired.low);
  EXPECT_EQ(bar.close, bad.repaired.close);
  EXPECT_EQ(bar.volume, bad.repaired.volume);
}

constexpr BarBody kFlat{11, 11, 11, 11, 5};
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr const char* kFlatAction = "flat at the last close";

INSTANTIATE_TEST_SUITE_P(
    All, BarValidatorValues,
    ::testing::Values(
        BadValue{"NanOpen", {kNaN, 12, 9, 11, 5}, FindingKind::non_finite, kFlatAction, kFlat},
        BadValue{"NanClose", {10, 12, 9, kNaN, 5}, FindingKind::non_finite, kFlatAction, kFlat},
        BadValue{"InfiniteHigh", {10, kInf, 9, 11, 5}, FindingKind::non_finite, kFlatAction, kFlat},
        BadValue{"NanVolume", {10, 12, 9, 11, kNaN}, FindingKind::non_finite, "volume 0", {10, 12, 9, 11, 0}},
        BadValue{"ZeroLow", {10, 12, 0, 11, 5}, FindingKind::bad_price, kFlatAction, kFlat},
        BadValue{"NegativeClose", {10, 12, 9, -1, 5}, FindingKind::bad_price, kFlatAction, kFlat},
        BadValue{"NegativeVolume",
                 {10, 12, 9, 11, -5},
                 FindingKind::negative_volume,
                 "volume 0",
                 {10, 12, 9, 11, 0}},
        BadValue{"HighBelowLow", {10, 9, 12, 10, 5}, FindingKind::bad_range, "widened", {10, 12, 9, 10, 5}},
        BadValue{"CloseAboveHigh", {10, 12, 9, 13, 5}, FindingKind::bad_range, "widened", {10, 13, 9, 13, 5}},
        BadValue{"OpenBelowLow", {8, 12, 9, 11, 5}, FindingKind::bad_range, "widened", {8, 12, 8, 11, 5}}),
    [](const auto& bad) { return bad.param.name; });

TEST(BarValidator, DropsABadFirstBarEvenUnderRepair) {
  std::vector<Event> bars = good_bars(3);
  bars[0].bar.close = kNaN;
  const Judged judged = judge(bars, DataPolicy::repair);
  expect_one(judged, FindingKind::non_finite, 0, "dropped");
  EXPECT_EQ(judged.minutes(), (std::vector<std::int64_t>{1, 2}));
}

TEST(BarValidator, TakesAGoodCopyOfABarThatWasSkipped) {
  std::vector<Event> bars = good_bars(5);
  bars.insert(bars.begin() + 2, good_bar(2));
  bars[2].bar.close = kNaN;
  const Judged judged = judge(bars, DataPolicy::skip);
  expect_one(judged, FindingKind::non_finite, 2, "dropped");
  EXPECT_EQ(judged.bars.size(), 5u);
}

TEST(BarValidator, CountsEveryFindingAndKeepsTheFirstHundredOfAKind) {
  std::vector<Event> bars = good_bars(500);
  for (std::size_t i = 1; i < bars.size(); i += 2) bars[i].bar.volume = -1;
  bars[400].bar.close = kNaN;
  const Judged judged = judge(bars, DataPolicy::skip);
  EXPECT_EQ(judged.findings.count(FindingKind::negative_volume), 250u);
  EXPECT_EQ(judged.findings.first.size(), DataFindings::kKeptPerKind + 1);
  EXPECT_EQ(judged.findings.first.back().kind, FindingKind::non_finite);
  DataFindings both = judged.findings;
  both.merge(judged.findings);
  EXPECT_EQ(both.count(FindingKind::negative_volume), 500u);
  EXPECT_EQ(both.count(FindingKind::non_finite), 2u);
  EXPECT_EQ(both.first.size(), DataFindings::kKeptPerKind + 2);
}

TEST(BarValidator, SaysWhereTheBarIsAndHowToGoOn) {
  std::vector<Event> bars = good_bars(10);
  bars[5].bar.volume = -1;
  BarValidatorOptions options = minute_options(DataPolicy::reject);
  options.place_of = [](std::uint64_t row) {
    return "x.csv:" + std::to_string(row + 2);
  };
  const std::string message = refusal([&] { judge(bars, options); });
  EXPECT_MENTIONS(message,
                  "x.csv:7: ABC 1970-01-01 00:05:00 UTC: negative_volume: got volume -1, expected a volume");
  EXPECT_MENTIONS(message, "--set data.policy=skip");
}

// The two paths of a reader (runs of good bars at once, doubtful ones singly) give what run() alone gives.
TEST(BarValidator, GivesTheSameWithAndWithoutTheFastPath) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    std::vector<Event> bars;
    for (std::int64_t minute = 0; minute < 300; ++minute) {
      if (random() % 20 == 0) continue;
      bars.push_back(good_bar(minute));
      if (random() % 30 == 0) bars.push_back(good_bar(minute - static_cast<std::int64_t>(random() % 3)));
      if (random() % 30 == 0) bars.back().bar.high = 1;
      if (random() % 30 == 0) bars.back().bar.close = kNaN;
    }
    for (const DataPolicy policy : {DataPolicy::skip, DataPolicy::repair}) {
      const Judged expected = judge(bars, policy);
      BarValidator validator(minute_options(policy));
      std::vector<Event> out(7), given;
      std::size_t at = 0;
      while (at < bars.size() || validator.has_backlog()) {
        const std::size_t good = validator.accept_good(std::span(bars).subspan(at));
        given.insert(given.end(), bars.begin() + static_cast<std::ptrdiff_t>(at),
                     bars.begin() + static_cast<std::ptrdiff_t>(at + good));
        at += good;
        const std::size_t step = std::min<std::size_t>(1 + random() % 5, bars.size() - at);
        const BarValidator::Progress progress = validator.run(std::span(bars).subspan(at, step), out);
        at += progress.consumed;
        given.insert(given.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(progress.produced));
      }
      ASSERT_EQ(given.size(), expected.bars.size());
      for (std::size_t i = 0; i < given.size(); ++i)
        ASSERT_EQ(std::memcmp(&given[i], &expected.bars[i], 64), 0);
      EXPECT_EQ(validator.findings().counts, expected.findings.counts);
    }
  }
}

TEST(DataPolicy, IsParsedByItsName) {
  for (const DataPolicy policy : {DataPolicy::reject, DataPolicy::skip, DataPolicy::repair}) {
    EXPECT_EQ(parse_data_policy(name_of(policy)), policy);
  }
  EXPECT_MENTIONS(refusal([] { parse_data_policy("skp"); }), "did you mean skip");
}

TEST(BarValidator, BarsWithoutAnIntervalMayCloseAtAnyTimeAndTogetherButNotGoBack) {
  const auto bar_at = [](std::int64_t ts_ns) {
    return make_bar(Timestamp(ts_ns), 0, {10, 12, 9, 11, 5}, 3);
  };
  const std::vector<Event> bars{bar_at(7), bar_at(7), bar_at(1'000'000'000'000), bar_at(8),
                                bar_at(1'000'000'000'001)};
  const BarValidatorOptions options{.policy = DataPolicy::skip, .symbol = "ABC", .interval = Duration(0)};
  const Judged judged = judge(bars, options);
  EXPECT_EQ(judged.bars.size(), 4u);
  EXPECT_EQ(judged.findings.total(), 1u);
  EXPECT_EQ(judged.findings.count(FindingKind::out_of_order), 1u);
  BarValidator validator(options);
  std::vector<Event> out(1);
  validator.run(std::span(bars).first(1), out);
  EXPECT_EQ(validator.accept_good(std::span(bars).subspan(1)), 2u) << "the quick way judges alike";
}

}  // namespace
}  // namespace hftsim
