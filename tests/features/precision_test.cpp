// Every feature against its definition in long double, over one long run of bars with flat stretches and
// spikes: an error that grows, or that a spike leaves behind, shows here.
//
//   |value - exact| <= 1e-12 |exact| + 1e-14 scale
//
// The scale is 0 where nothing cancels. Where something does it is the size of the terms (Expected::scale):
//   dist_*                   value / mean, about 1
//   volatility               the largest return of the window
//   macd and its parts       the price
//   obv_ema                  the mean size of obv
//   bb_width                 K;       bb_pctb  mid / band (1 + |%b|)
//   zscore                   close / deviation (1 + |z|)
//   cci                      mean price / mean deviation (1 / 0.015 + |cci|)
//   adx, willr               100
//   hour_sin .. day_cos      1
#include <gtest/gtest.h>

#include <cmath>

#include "engine/features/feature_set.h"
#include "tests/features/feature_lists.h"
#include "tests/features/naive_features.h"
#include "tests/features/planted_bars.h"

namespace hftsim::features {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t kBars = 10'000'000;
#else
constexpr std::uint64_t kBars = 1'000'000;  // unoptimised code would take minutes
#endif

bool agrees(double value, const Expected& expected) {
  if (std::isnan(expected.value) || std::isinf(expected.value)) {
    return std::isnan(expected.value) ? std::isnan(value) : value == expected.value;
  }
  const Exact error = std::fabs(value - expected.value);
  return error <= 1e-12L * std::fabs(expected.value) + 1e-14L * expected.scale;
}

class Comparison {
 public:
  explicit Comparison(const std::vector<std::string>& names) : names_(names), naive_(names) {}

  void add(const Event& bar) { naive_.add(bar); }

  // Row of bar i: feature f at row[f * stride].
  void check(std::uint64_t i, const double* row, std::size_t stride) {
    for (std::size_t f = 0; f < names_.size(); ++f) {
      const double value = row[f * stride];
      const Expected expected = naive_.expected(f);
      if (!agrees(value, expected) && ++failures_ <= 20) {
        ADD_FAILURE() << names_[f] << " of bar " << i << ": " << testing::PrintToString(value) << " for "
                      << static_cast<double>(expected.value) << ", off by "
                      << static_cast<double>(value - expected.value) << ", scale "
                      << static_cast<double>(expected.scale);
      }
    }
    ++checked_;
  }

  std::uint64_t checked() const { return checked_; }
  std::uint64_t failures() const { return failures_; }

 private:
  std::vector<std::string> names_;
  NaiveFeatures naive_;
  std::uint64_t checked_ = 0, failures_ = 0;
};

TEST(Precision, HoldsOverMillionsOfBarsWithFlatStretchesAndSpikes) {
  constexpr std::size_t kBlock = 2048;
  const std::vector<std::string> names = all_features();
  FeatureSet set(names);
  Comparison comparison(names);
  PlantedBars source(1);
  std::vector<Event> bars(kBlock);
  std::vector<double> rows(names.size() * kBlock);
  for (std::uint64_t first = 0; first < kBars; first += kBlock) {
    for (Event& bar : bars) bar = source.next();
    set.update(bars, rows.data(), kBlock);
    for (std::size_t k = 0; k < kBlock; ++k) {
      const std::uint64_t i = first + k;
      comparison.add(bars[k]);
      const bool wanted = i < 200 || i % 997 == 0 || PlantedBars::is_near_planted(i, 50);
      if (wanted) comparison.check(i, rows.data() + k, kBlock);
    }
  }
  EXPECT_EQ(comparison.failures(), 0U);
  EXPECT_GT(comparison.checked(), kBars / 997);
}

TEST(Precision, HoldsForOtherWindows) {
  std::vector<std::string> names = default_features(std::vector<std::uint32_t>{2, 3, 7, 14, 50, 200, 333});
  for (const char* name :
       {"rsi_2", "rsi_100", "bb_upper_7_1.5", "bb_pctb_50_2", "macd_5_35_5", "macd_hist_3_7_200",
        "rolling_high_200", "rolling_low_1", "atr_wilder_3", "zscore_333", "stoch_d_50_7", "cci_7", "roc_1",
        "willr_50", "mfi_3", "adx_5", "realized_vol_1", "amihud_333"}) {
    names.emplace_back(name);
  }
  FeatureSet set(names);
  Comparison comparison(names);
  PlantedBars source(2);
  for (std::uint64_t i = 0; i < 7000; ++i) {
    const Event bar = source.next();
    const std::span<const double> row = set.update(bar);
    comparison.add(bar);
    if (i < 700 || i % 97 == 0 || (i >= 1000 && i < 1450 && i % 5 == 0)) comparison.check(i, row.data(), 1);
  }
  EXPECT_EQ(comparison.failures(), 0U);
}

}  // namespace
}  // namespace hftsim::features
