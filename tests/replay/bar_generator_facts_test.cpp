// What generated bars have in common with a real market's (Cont 2001, "Empirical properties of asset returns:
// stylized facts and statistical issues"). Margins are wide: every seed has to be inside.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "replay/bar_generator.h"
#include "tests/replay/series.h"

namespace hftsim {
namespace {

using namespace test;

constexpr std::size_t kBars = 60'000;
constexpr std::size_t kBarsPerDay = 1440;

struct Facts {
  Series ret, size, log_volume, log_trades, range;
};

// One per symbol.
std::vector<Facts> facts_of(std::uint64_t seed, std::size_t symbols = 1, double correlation_asked = 0.6) {
  BarGeneratorOptions options;
  options.bars = kBars;
  options.seed = seed;
  options.symbols = generated_symbols(symbols);
  options.model.correlation = correlation_asked;
  BarGenerator generator(options);
  std::vector<Event> bars(generator.size_hint());
  EXPECT_EQ(generator.read(bars), bars.size());
  std::vector<Facts> all(symbols);
  for (const Event& bar : bars) {
    Facts& facts = all[bar.instrument];
    facts.ret.push_back(std::log(bar.bar.close / bar.bar.open));
    facts.size.push_back(std::fabs(facts.ret.back()));
    facts.log_volume.push_back(std::log(bar.bar.volume));
    facts.log_trades.push_back(std::log(bar.trades));
    facts.range.push_back(std::log(bar.bar.high / bar.bar.low));
  }
  return all;
}

class GeneratedBars : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  const Facts facts_ = facts_of(GetParam())[0];
};

TEST_P(GeneratedBars, ReturnsHaveTheVolatilityAskedForAndNoMemory) {
  EXPECT_NEAR(standard_deviation(facts_.ret), BarModel{}.volatility, 0.3 * BarModel{}.volatility);
  for (const std::size_t lag : {1, 2, 3, 10}) EXPECT_NEAR(autocorrelation(facts_.ret, lag), 0, 0.06) << lag;
}

TEST_P(GeneratedBars, TailsAreFatAndGetThinnerOverLongerSpans) {
  EXPECT_GT(kurtosis(facts_.ret), 5);
  EXPECT_LT(kurtosis(facts_.ret), 150);
  Series hourly;
  for (std::size_t i = 0; i + 60 <= kBars; i += 60) {
    hourly.push_back(0);
    for (std::size_t j = i; j < i + 60; ++j) hourly.back() += facts_.ret[j];
  }
  EXPECT_LT(kurtosis(hourly), kurtosis(facts_.ret));
}

TEST_P(GeneratedBars, VolatilityClustersAndFadesSlowly) {
  const double minutes = autocorrelation(facts_.size, 1, 3);
  const double half_hour = autocorrelation(facts_.size, 28, 32);
  const double hours = autocorrelation(facts_.size, 118, 122);
  EXPECT_GT(minutes, 0.12);
  EXPECT_LT(minutes, 0.5);
  EXPECT_GT(minutes, half_hour);
  EXPECT_GT(half_hour, hours);
  EXPECT_GT(hours, 0.01);
}

TEST_P(GeneratedBars, VolumeAndTradesFollowVolatilityAndEachOther) {
  EXPECT_GT(correlation(facts_.size, facts_.log_volume), 0.3);
  EXPECT_GT(correlation(facts_.range, facts_.log_trades), 0.3);
  EXPECT_GT(correlation(facts_.log_volume, facts_.log_trades), 0.6);
  EXPECT_GT(autocorrelation(facts_.log_volume, 1, 3), 0.25);
}

// Real bars: 0.675. A path of few steps reaches less far than the continuous one that Parkinson (1980) takes.
TEST_P(GeneratedBars, RangesFitTheReturns) {
  double range_squares = 0, return_squares = 0;
  for (std::size_t i = 0; i < kBars; ++i) {
    range_squares += facts_.range[i] * facts_.range[i];
    return_squares += facts_.ret[i] * facts_.ret[i];
  }
  const double parkinson = range_squares / (4 * std::log(2.0));
  EXPECT_GT(parkinson / return_squares, 0.5);
  EXPECT_LT(parkinson / return_squares, 1.0);
}

TEST_P(GeneratedBars, TheDayHasItsQuietAndItsBusyHours) {
  const auto mean_of_hour = [](const Series& x, std::size_t hour) {
    Series own;
    for (std::size_t i = 0; i < kBars; ++i)
      if (i % kBarsPerDay / 60 == hour) own.push_back(x[i]);
    return mean(own);
  };
  EXPECT_GT(mean_of_hour(facts_.log_volume, 15), mean_of_hour(facts_.log_volume, 4) + 0.4);
  EXPECT_GT(mean_of_hour(facts_.range, 15), 1.2 * mean_of_hour(facts_.range, 4));
}

INSTANTIATE_TEST_SUITE_P(Seeds, GeneratedBars, ::testing::Values(1, 2, 3, 12345));

TEST(GeneratedSymbols, AreAsCorrelatedAsAskedFor) {
  for (const double asked : {0.0, 0.3, 0.6, 0.9}) {
    const auto facts = facts_of(4, 3, asked);
    // Each symbol's own tails and jumps take from it.
    EXPECT_NEAR(correlation(facts[0].ret, facts[1].ret), asked, 0.05 + 0.3 * asked) << asked;
    EXPECT_NEAR(correlation(facts[0].ret, facts[2].ret), asked, 0.05 + 0.3 * asked) << asked;
  }
}

TEST(GeneratedSymbols, ShareTheirQuietAndBusyTimes) {
  const auto facts = facts_of(4, 2, 0);
  EXPECT_GT(correlation(facts[0].range, facts[1].range), 0.1);
}

TEST(GeneratedSymbols, PricesStayInRangeOverYears) {
  BarGeneratorOptions options;
  options.interval = kDay;  // the pull works in time, not in bars
  options.bars = 70'000;    // 191 years; 100 million minutes
  BarGenerator generator(options);
  std::vector<Event> bars(options.bars);
  ASSERT_EQ(generator.read(bars), bars.size());
  const auto [low, high] = std::minmax_element(
      bars.begin(), bars.end(), [](const Event& a, const Event& b) { return a.bar.close < b.bar.close; });
  const double start = options.symbols[0].initial_price;
  EXPECT_GT(low->bar.close, start / 10);
  EXPECT_LT(high->bar.close, start * 10);
  EXPECT_GT(high->bar.close / low->bar.close, 2) << "and it does move";
}

}  // namespace
}  // namespace hftsim
