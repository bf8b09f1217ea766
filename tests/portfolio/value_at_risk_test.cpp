#include "engine/portfolio/value_at_risk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(RollingValueAtRisk, IsNoneUntilTheWindowIsFull) {
  RollingValueAtRisk var;
  for (std::size_t i = 0; i + 1 < RollingValueAtRisk::kWindow; ++i) var.add(0.01);
  EXPECT_FALSE(var.value());
  var.add(0.01);
  EXPECT_DOUBLE_EQ(*var.value(), -0.01);
}

TEST(RollingValueAtRisk, EqualsTheQuantileOfTheLastWindowSortedAnew) {
  RandomStream random(11, "value at risk");
  RollingValueAtRisk var;
  std::vector<double> all;
  for (int i = 0; i < 3000; ++i) {
    // Repeated values, both zeros and fat tails.
    const double choices[] = {0.0, -0.0, 0.001 * random.normal(), -0.02 * random.exponential()};
    const double value = choices[random.below(4)];
    var.add(value);
    all.push_back(value);
    if (all.size() < 250) continue;
    std::vector<double> window(all.end() - 250, all.end());
    std::sort(window.begin(), window.end());
    // 0.05 * 249 = 12.45
    ASSERT_NEAR(*var.value(), -(window[12] + 0.45 * (window[13] - window[12])), 1e-15) << i;
  }
}

}  // namespace
}  // namespace hftsim
