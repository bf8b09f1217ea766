#include "engine/features/feature_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "tests/features/feature_lists.h"
#include "tests/features/planted_bars.h"
#include "tests/features/rows.h"

namespace hftsim::features {
namespace {

constexpr std::size_t kBars = 12'000;  // two flat stretches, both spikes, several turns of every column

TEST(FeatureSet, GivesTheSameBitsInBlocksOfAnySize) {
  const std::vector<Event> bars = planted_bars(1, kBars);
  const Rows expected = compute(all_features(), bars, 256);
  for (const std::size_t block : {1U, 2U, 7U, 255U, 257U, 4096U}) {
    EXPECT_TRUE(same_bits(compute(all_features(), bars, block).values, expected.values)) << "block " << block;
  }
}

TEST(FeatureSet, GivesTheSameBitsHoweverTheBarsAreSplit) {
  const std::vector<Event> bars = planted_bars(2, kBars);
  const Rows expected = compute(all_features(), bars, 256);
  RandomStream random(3, "splits");
  for (int round = 0; round < 5; ++round) {
    FeatureSet set(all_features());
    Rows rows(set.size(), bars.size());
    for (std::size_t first = 0; first < bars.size();) {
      const std::size_t longest = random.below(3) == 0 ? 3 : 700;
      const std::size_t past = std::min(first + 1 + random.below(longest), bars.size());
      feed(set, bars, first, past, past - first, rows);
      first = past;
    }
    EXPECT_TRUE(same_bits(rows.values, expected.values)) << "round " << round;
  }
}

TEST(FeatureSet, GivesTheSameBitsOnEveryInstructionSet) {
  const std::vector<Event> bars = planted_bars(4, kBars);
  const Rows expected = compute(all_features(), bars, 256, Isa::baseline);
  for (const Isa isa : supported_isas()) {
    for (const std::size_t block : {1U, 256U}) {
      const Rows rows = compute(all_features(), bars, block, isa);
      EXPECT_TRUE(same_bits(rows.values, expected.values)) << name_of(isa) << ", block " << block;
    }
  }
}

TEST(FeatureSet, GivesTheSameBitsBesideAnyOtherFeaturesInAnyOrder) {
  const std::vector<Event> bars = planted_bars(5, 3000);
  const std::vector<std::string> all = all_features({3, 7, 14, 20, 50, 200});
  const Rows expected = compute(all, bars, 256);
  RandomStream random(6, "subsets");
  for (int round = 0; round < 60; ++round) {
    std::vector<std::size_t> order(all.size());
    for (std::size_t f = 0; f < all.size(); ++f) order[f] = f;
    for (std::size_t f = all.size(); f > 1; --f) std::swap(order[f - 1], order[random.below(f)]);
    order.resize(1 + random.below(round < 30 ? 4 : all.size()));
    std::vector<std::string> names;
    for (const std::size_t f : order) names.push_back(all[f]);
    const Rows rows = compute(names, bars, round % 3 == 0 ? 1 : 300);
    for (std::size_t f = 0; f < order.size(); ++f) {
      EXPECT_TRUE(same_bits(rows.column(f), expected.column(order[f]))) << names[f] << ", round " << round;
    }
  }
}

TEST(FeatureSet, GivesTheSameBitsForAWindowBesideAnyOtherWindows) {
  const std::vector<Event> bars = planted_bars(7, 3000);
  const std::vector<std::string> fourteen = default_features(std::vector<std::uint32_t>{14});
  const std::vector<std::string> many = default_features(std::vector<std::uint32_t>{3, 7, 14, 50, 200, 1000});
  const Rows alone = compute(fourteen, bars, 256), beside = compute(many, bars, 256);
  for (std::size_t f = 0; f < fourteen.size(); ++f) {
    const auto there =
        static_cast<std::size_t>(std::find(many.begin(), many.end(), fourteen[f]) - many.begin());
    ASSERT_LT(there, many.size()) << fourteen[f];
    EXPECT_TRUE(same_bits(alone.column(f), beside.column(there))) << fourteen[f];
  }
}

TEST(FeatureSet, IsTheSameAfterSavingAndRestoringAnywhere) {
  const std::vector<Event> bars = planted_bars(8, 6000);
  const std::vector<std::string> names = all_features({3, 50, 200});
  const Rows expected = compute(names, bars, 256);
  RandomStream random(9, "restarts");
  for (int round = 0; round < 12; ++round) {
    const std::size_t at = round == 0 ? 0 : random.below(bars.size());
    Rows rows(names.size(), bars.size()), ignored(names.size(), bars.size());
    FeatureSet before(names), after(names);
    feed(before, bars, 0, at, 1 + random.below(400), rows);
    feed(after, bars, 0, random.below(1000), 13, ignored);  // what it had seen is replaced
    after.restore(before.save());
    EXPECT_EQ(after.bars_seen(), at);
    feed(after, bars, at, bars.size(), 1 + random.below(400), rows);
    EXPECT_TRUE(same_bits(rows.values, expected.values)) << "restored at bar " << at;
  }
}

// Single bars and blocks keep their history in different places; it moves with every change, and is saved from
// where it is.
TEST(FeatureSet, IsTheSameHoweverBarsAndBlocksAlternate) {
  constexpr std::size_t kCounts[] = {1, 1, 1, 2, 5, 7, 8, 9, 40, 300};
  const std::vector<Event> bars = planted_bars(15, 4000);
  for (const std::vector<std::uint32_t>& windows : {std::vector<std::uint32_t>{3, 5, 7, 10, 20}, {2, 600}}) {
    const std::vector<std::string> names = all_features(windows);
    const Rows expected = compute(names, bars, 256);
    RandomStream random(windows.size(), "alternate");
    Rows rows(names.size(), bars.size());
    FeatureSet set(names), other(names);
    for (std::size_t at = 0; at < bars.size();) {
      const std::size_t count = std::min(kCounts[random.below(std::size(kCounts))], bars.size() - at);
      if (random.below(20) == 0) {
        other.restore(set.save());
        std::swap(set, other);
      }
      feed(set, bars, at, at + count, count, rows);
      at += count;
    }
    EXPECT_TRUE(same_bits(rows.values, expected.values)) << "windows up to " << windows.back();
  }
}

TEST(FeatureSet, RehearsalsChangeNoLaterRow) {
  const std::vector<Event> bars = planted_bars(16, 3000);
  const std::vector<Event> others = planted_bars(17, 3000);
  for (const Duration interval : {kMinute, Duration(0)}) {
    const std::vector<std::uint32_t> windows = {3, 20, interval.value == 0 ? 600U : 50U};
    const std::vector<std::string> names = all_features(windows);
    RandomStream random(3, "rehearsals");
    Rows expected(names.size(), bars.size()), rows(names.size(), bars.size());
    FeatureSet plain(names, {.bar_interval = interval}), rehearsed(names, {.bar_interval = interval});
    feed(plain, bars, 0, bars.size(), 1, expected);
    for (std::size_t at = 0; at < bars.size();) {
      for (std::uint64_t times = random.below(3); times > 0; --times) rehearsed.rehearse(others[at]);
      const std::size_t count = std::min<std::size_t>(random.below(8) == 0 ? 40 : 1, bars.size() - at);
      feed(rehearsed, bars, at, at + count, count, rows);
      at += count;
    }
    EXPECT_TRUE(same_bits(rows.values, expected.values)) << interval.value;
    EXPECT_EQ(rehearsed.save(), plain.save()) << interval.value;
  }
}

TEST(FeatureSet, RefusesTheStateOfAnotherSet) {
  const std::vector<std::byte> state = FeatureSet({"sma_5", "obv"}).save();
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"obv", "sma_5"}, {"sma_6", "obv"}, {"sma_5"}}) {
    EXPECT_THROW(FeatureSet(names).restore(state), BadInput);
  }
  EXPECT_THROW(FeatureSet({"sma_5", "obv"}).restore(std::span(state).first(state.size() - 1)), BadInput);
  EXPECT_NO_THROW(FeatureSet({"sma_5", "obv"}).restore(state));
}

// Warm is what the rows say: from the first one on in which nothing is NaN.
TEST(FeatureSet, IsWarmFromTheFirstRowWithoutNaN) {
  const std::vector<Event> bars = planted_bars(10, 2000);
  for (const std::string& name : all_features({1, 3, 50})) {
    if (name.starts_with("volatility_1")) continue;  // two bars at least
    for (const std::size_t block : {1U, 64U}) {
      FeatureSet set({name});
      Rows rows(1, bars.size());
      std::size_t cold = 0;
      for (std::size_t i = 0; i < bars.size(); i += block) {
        const std::size_t count = std::min(block, bars.size() - i);
        cold += set.update(std::span(bars).subspan(i, count), rows.values.data() + i, bars.size());
      }
      const auto known =
          std::find_if(rows.values.begin(), rows.values.end(), [](double x) { return !std::isnan(x); });
      EXPECT_EQ(cold, static_cast<std::size_t>(known - rows.values.begin())) << name;
      EXPECT_EQ(cold, set.warmup_bars()) << name;
    }
  }
}

// Volume 0 makes dist_vwap NaN later on; the run stays warm.
TEST(FeatureSet, StaysWarmWhereALaterValueIsNaN) {
  std::vector<Event> bars = planted_bars(11, 400);
  for (std::size_t i = 200; i < 230; ++i) bars[i].bar.volume = 0;
  FeatureSet set({"vwap_5"});
  std::size_t nan_rows = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::span<const double> row = set.update(bars[i]);
    EXPECT_EQ(set.warm(), i >= 4);
    nan_rows += i > 10 && std::isnan(row[0]) ? 1 : 0;
  }
  EXPECT_EQ(nan_rows, 26U);
}

TEST(FeatureSet, OpensIrregularBarsWhereTheOneBeforeClosed) {
  std::vector<Event> bars = planted_bars(12, 3);
  constexpr std::int64_t kHour = 3'600'000'000'000;
  for (std::int64_t i = 0; i < 3; ++i) bars[static_cast<std::size_t>(i)].ts_ns = (i * i + 5) * kHour;
  FeatureSet set({"hour"}, {.bar_interval = Duration(0)});
  std::vector<double> hours(3);
  set.update(bars, hours.data(), 3);
  EXPECT_EQ(hours, (std::vector<double>{5, 5, 6}));
}

TEST(FeatureSet, KnowsHourAndWeekdayBeforeAndAfter1970) {
  FeatureSet set({"hour", "day_of_week", "is_weekend", "hour_sin", "day_cos"});
  Event bar = planted_bars(13, 1)[0];
  bar.ts_ns = 60'000'000'000;  // opens 1970-01-01 00:00, a Thursday
  std::span<const double> row = set.update(bar);
  EXPECT_EQ(row[0], 0);
  EXPECT_EQ(row[1], 3);
  EXPECT_EQ(row[2], 0);
  bar.ts_ns = 60'000'000'000 - 4 * 86'400'000'000'000 - 1;  // opens 1969-12-27 23:59:59.999999999, a Saturday
  row = set.update(bar);
  EXPECT_EQ(row[0], 23);
  EXPECT_EQ(row[1], 5);
  EXPECT_EQ(row[2], 1);
  EXPECT_NEAR(row[3], std::sin(2 * M_PI * 23 / 24), 1e-15);
  EXPECT_NEAR(row[4], std::cos(2 * M_PI * 5 / 7), 1e-15);
}

TEST(FeatureSet, TakesVolumeOverCloseWhereThereIsNoTradeCount) {
  Event bar = planted_bars(14, 1)[0];
  bar.flags |= kNoTradeCount;
  FeatureSet set({"trades"});
  EXPECT_EQ(set.update(bar)[0], bar.bar.volume / bar.bar.close);
}

TEST(FeatureSet, RefusesANameTwiceAndSuggestsForOneItLacks) {
  EXPECT_THROW(FeatureSet({"sma_5", "sma_5"}), BadInput);
  const FeatureSet set({"sma_5", "obv"});
  EXPECT_EQ(set.slot("obv"), 1U);
  try {
    set.slot("smaa_5");
    FAIL() << "not refused";
  } catch (const BadInput& refusal) {
    EXPECT_NE(std::string(refusal.what()).find("sma_5"), std::string::npos) << refusal.what();
  }
}

}  // namespace
}  // namespace hftsim::features
