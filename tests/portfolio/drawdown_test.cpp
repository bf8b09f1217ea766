#include "engine/portfolio/drawdown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(DrawdownTracker, HandComputed) {
  DrawdownTracker tracker;
  for (const double equity : {100.0, 110.0, 99.0, 104.5, 110.0, 220.0, 209.0}) tracker.add(equity);
  EXPECT_DOUBLE_EQ(tracker.deepest(), 0.1);
  EXPECT_DOUBLE_EQ(tracker.deepest_money(), 11);
  EXPECT_EQ(tracker.longest_bars(), 2u);
  EXPECT_DOUBLE_EQ(tracker.current(), 0.05);
  EXPECT_DOUBLE_EQ(tracker.ulcer_index(), std::sqrt((0.01 + 0.0025 + 0.0025) / 7));
}

TEST(DrawdownTracker, DeepestInMoneyNeedNotBeDeepestInPercent) {
  DrawdownTracker tracker;
  for (const double equity : {100.0, 50.0, 1000.0, 900.0}) tracker.add(equity);
  EXPECT_DOUBLE_EQ(tracker.deepest(), 0.5);
  EXPECT_DOUBLE_EQ(tracker.deepest_money(), 100);
}

TEST(DrawdownTracker, RisingEquityHasNone) {
  DrawdownTracker tracker;
  for (const double equity : {1.0, 1.0, 2.0, 3.0}) tracker.add(equity);
  EXPECT_EQ(tracker.deepest(), 0);
  EXPECT_EQ(tracker.longest_bars(), 0u);
  EXPECT_EQ(tracker.ulcer_index(), 0);
}

TEST(DrawdownTracker, EqualsTheNaiveDefinition) {
  RandomStream random(9, "drawdown");
  std::vector<double> equity{1000};
  for (int i = 0; i < 3000; ++i) equity.push_back(equity.back() * (1 + 0.01 * random.normal()));
  DrawdownTracker tracker;
  for (const double e : equity) tracker.add(e);
  long double deepest = 0, squares = 0, current = 0;
  std::uint64_t run = 0, longest = 0;
  for (std::size_t t = 0; t < equity.size(); ++t) {
    const double peak =
        *std::max_element(equity.begin(), equity.begin() + static_cast<std::ptrdiff_t>(t) + 1);
    current = (static_cast<long double>(peak) - equity[t]) / peak;
    deepest = std::max(deepest, current);
    squares += current * current;
    run = current > 0 ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  EXPECT_NEAR(tracker.deepest(), static_cast<double>(deepest), 1e-14);
  EXPECT_NEAR(tracker.current(), static_cast<double>(current), 1e-14);
  EXPECT_EQ(tracker.longest_bars(), longest);
  EXPECT_NEAR(tracker.ulcer_index(), static_cast<double>(std::sqrt(squares / 3001)), 1e-13);
}

}  // namespace
}  // namespace hftsim
