#include "engine/execution/volatility_window.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

TEST(VolatilityWindow, IsUnknownBeforeTwentyReturns) {
  VolatilityWindow window;
  for (int i = 0; i < 20; ++i) window.push(Price(100 + i % 3));
  EXPECT_TRUE(std::isnan(window.value()));
  window.push(Price(101));
  EXPECT_FALSE(std::isnan(window.value()));
}

TEST(VolatilityWindow, IsTheSampleDeviationOfTheLastTwentyReturns) {
  RandomStream random(7, "volatility");
  VolatilityWindow window;
  std::vector<long double> closes;
  for (int i = 0; i < 500; ++i) {
    closes.push_back(100 + random.normal());
    window.push(Price(static_cast<double>(closes.back())));
    if (closes.size() < 21) continue;
    long double mean = 0, squares = 0;
    const auto r = [&](std::size_t k) {
      return closes[closes.size() - k] / closes[closes.size() - k - 1] - 1;
    };
    for (std::size_t k = 1; k <= 20; ++k) mean += r(k) / 20;
    for (std::size_t k = 1; k <= 20; ++k) squares += (r(k) - mean) * (r(k) - mean);
    ASSERT_NEAR(window.value(), static_cast<double>(std::sqrt(squares / 19)), 1e-14);
  }
}

}  // namespace
}  // namespace hftsim
