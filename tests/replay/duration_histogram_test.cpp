// Quantiles against a sort of everything.
#include "replay/duration_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(DurationHistogram, QuantilesAreRightWithinThreePercent) {
  RandomStream random(1, "durations");
  for (int round = 0; round < 20; ++round) {
    DurationHistogram histogram;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 3000; ++i) {
      const double size = std::exp2(random.uniform() * (round == 0 ? 62.9 : 34.0));
      all.push_back(static_cast<std::int64_t>(random.below(10) < 2 ? -size : size));
      histogram.add(all.back());
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(histogram.least(), all.front());
    EXPECT_EQ(histogram.greatest(), all.back());
    EXPECT_EQ(histogram.negative(), static_cast<std::uint64_t>(
                                        std::count_if(all.begin(), all.end(), [](auto v) { return v < 0; })));
    for (const double share : {0.0, 0.01, 0.2, 0.5, 0.9, 0.999, 1.0}) {
      const auto exact = static_cast<double>(all[static_cast<std::size_t>(share * 2999)]);
      EXPECT_NEAR(static_cast<double>(histogram.quantile(share)), exact, 0.03 * std::abs(exact)) << share;
    }
  }
}

TEST(DurationHistogram, TakesTheExtremes) {
  DurationHistogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0);
  for (const std::int64_t value : {INT64_MIN, INT64_MAX, std::int64_t{0}}) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0), INT64_MIN);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_NEAR(static_cast<double>(histogram.quantile(1)), 9.22e18, 3e17);
}

}  // namespace
}  // namespace hftsim
