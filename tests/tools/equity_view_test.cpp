#include "tools/equity_view.h"

#include <gtest/gtest.h>

#include "tests/portfolio/memory_series.h"

namespace hftsim {
namespace {

constexpr double kBarsPerYear = 252;
constexpr double kRiskFree = 0.02;

// Swings of a per cent, then a stretch in which equity all but stands still, then swings again.
EquityView view_with_a_still_stretch() {
  std::vector<double> equity;
  for (int i = 0; i < 300; ++i) {
    const bool still = i >= 100 && i < 200;
    equity.push_back(still ? 1000 + 1e-4 * (i % 2) : 1000 + 10.0 * (i % 3));
  }
  MemorySeries series = MemorySeries::of(equity);
  return view_equity(series, kBarsPerYear, kRiskFree);
}

TEST(RollingFigures, HaveNoSharpeWhereEquityAllButStandsStill) {
  const EquityView view = view_with_a_still_stretch();
  int still = 0, moving = 0;
  for (const RollingFigures::Point& point : view.rolling.points()) {
    if (!point.volatility) continue;
    const bool inside = point.ts_ns >= 101 + 20 && point.ts_ns < 200;
    if (inside) {
      EXPECT_FALSE(point.sharpe.has_value()) << point.ts_ns;
      ++still;
    } else if (point.sharpe) {
      EXPECT_LT(std::abs(*point.sharpe), 100) << point.ts_ns;
      ++moving;
    }
  }
  EXPECT_GT(still, 70);
  EXPECT_GT(moving, 100);
}

TEST(RollingFigures, OfAnEquityThatNeverMovesAreZeroVolatilityAndNoSharpe) {
  MemorySeries series = MemorySeries::of(std::vector<double>(100, 1000.0));
  const EquityView view = view_equity(series, kBarsPerYear, kRiskFree);
  EXPECT_FALSE(view.rolling.points().empty());
  for (const RollingFigures::Point& point : view.rolling.points()) {
    EXPECT_FALSE(point.sharpe.has_value());
    EXPECT_EQ(point.volatility.value_or(0), 0);
  }
}

}  // namespace
}  // namespace hftsim
