// RSI, MACD, ATR, SMA, EMA on daily bars against another library's numbers (README.md of the shared data).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/features/feature_set.h"
#include "tests/adapters/shared_data.h"

namespace hftsim::features {
namespace {

constexpr double kTolerance = 1e-9;
constexpr const char* kQuotes = "data/indicators/quotes.csv";

std::vector<Event> quotes() {
  std::ifstream file(shared_file(kQuotes));
  std::vector<Event> bars;
  std::string line, date;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::getline(cells, date, ',');
    BarBody body{};
    char comma;
    cells >> body.open >> comma >> body.high >> comma >> body.low >> comma >> body.close >> comma >>
        body.volume;
    bars.push_back(
        make_bar(Timestamp(static_cast<std::int64_t>(bars.size()) * 86'400 * 1'000'000'000), 0, body, 1));
  }
  return bars;
}

// The column `key` of a reference file; NaN where it has null.
std::vector<double> reference(const char* file, const char* key) {
  std::ifstream stream(shared_file(file));
  std::vector<double> values;
  for (const auto& row : nlohmann::json::parse(stream)) {
    values.push_back(row[key].is_null() ? std::nan("") : row[key].get<double>());
  }
  return values;
}

std::vector<double> computed(const std::string& name, std::span<const Event> bars) {
  FeatureSet set({name});
  std::vector<double> values(bars.size());
  set.update(bars, values.data(), bars.size());
  return values;
}

void expect_equal(const std::vector<double>& got, const std::vector<double>& expected, std::size_t from) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = from; i < got.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(got[i])) << "bar " << i;
    } else {
      EXPECT_NEAR(got[i], expected[i], kTolerance * std::max(1.0, std::fabs(expected[i]))) << "bar " << i;
    }
  }
}

TEST(IndicatorReference, AgreesOnRsi) {
  HFTSIM_NEED_SHARED("reference/indicators/rsi.json");
  expect_equal(computed("rsi_14", quotes()), reference("reference/indicators/rsi.json", "rsi"), 0);
}

TEST(IndicatorReference, AgreesOnWildersAverageTrueRange) {
  HFTSIM_NEED_SHARED("reference/indicators/atr.json");
  expect_equal(computed("atr_wilder_14", quotes()), reference("reference/indicators/atr.json", "atr"), 0);
}

TEST(IndicatorReference, AgreesOnTheSimpleMean) {
  HFTSIM_NEED_SHARED("reference/indicators/sma.json");
  expect_equal(computed("sma_20", quotes()), reference("reference/indicators/sma.json", "sma"), 0);
}

// The reference starts its exponential mean of 20 bars at the plain mean of the first 20, `ema` at the first
// value it sees. So it is shown that mean as its first bar, and then the bars from the 21st on.
TEST(IndicatorReference, AgreesOnTheExponentialMeanGivenTheSameStart) {
  HFTSIM_NEED_SHARED("reference/indicators/ema.json");
  constexpr std::size_t kSpan = 20;
  const std::vector<Event> bars = quotes();
  std::vector<Event> later(bars.begin() + kSpan - 1, bars.end());
  later[0].bar.close = computed("sma_20", bars)[kSpan - 1];
  const std::vector<double> all = reference("reference/indicators/ema.json", "ema");
  expect_equal(computed("ema_20", later), {all.begin() + kSpan - 1, all.end()}, 0);
}

// Three means with three starts: compared from bar 400 on, where what is left of a start is below
// (1 - 2/27)^(400 - 34) = 6e-13 of it.
TEST(IndicatorReference, AgreesOnMacdOnceTheStartIsForgotten) {
  HFTSIM_NEED_SHARED("reference/indicators/macd.json");
  constexpr std::size_t kForgotten = 400;
  const char* file = "reference/indicators/macd.json";
  expect_equal(computed("macd_12_26_9", quotes()), reference(file, "macd"), kForgotten);
  expect_equal(computed("macd_signal_12_26_9", quotes()), reference(file, "signal"), kForgotten);
  expect_equal(computed("macd_hist_12_26_9", quotes()), reference(file, "histogram"), kForgotten);
}

}  // namespace
}  // namespace hftsim::features
