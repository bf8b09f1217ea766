#include "engine/execution/price_adjustment.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

TEST(PriceAdjustment, SlippageAndHalfSpreadMoveThePriceAgainstTheOrder) {
  const PriceAdjustment costs{3, 2, 0};
  EXPECT_DOUBLE_EQ(costs.worsen(Price(100), Side::buy, 0).value, 100.05);
  EXPECT_DOUBLE_EQ(costs.worsen(Price(100), Side::sell, 0).value, 99.95);
}

TEST(PriceAdjustment, WithoutCostsThePriceStaysToTheLastBit) {
  EXPECT_EQ(PriceAdjustment{}.worsen(Price(88775.96), Side::buy, 0), Price(88775.96));
}

TEST(PriceAdjustment, ImpactGrowsWithTheSquareRootOfTheShareOfVolume) {
  const PriceAdjustment costs{0, 0, 0.5};
  EXPECT_DOUBLE_EQ(costs.impact_of(Quantity(25), Quantity(100), 0.02), 0.5 * 0.02 * 0.5);
  EXPECT_DOUBLE_EQ(costs.impact_of(Quantity(100), Quantity(100), 0.02),
                   2 * costs.impact_of(Quantity(25), Quantity(100), 0.02));
}

TEST(PriceAdjustment, NoImpactWhileVolatilityIsUnknown) {
  EXPECT_EQ((PriceAdjustment{0, 0, 0.5}.impact_of(Quantity(1), Quantity(1), std::nan(""))), 0);
}

TEST(PriceAdjustment, ABarWithoutVolumeCountsAsOneOfTheOrdersSize) {
  EXPECT_DOUBLE_EQ((PriceAdjustment{0, 0, 0.5}.impact_of(Quantity(7), Quantity(0), 0.02)), 0.01);
}

TEST(PriceAdjustment, ASaleNeverGoesBelowZero) {
  EXPECT_EQ((PriceAdjustment{0, 0, 1}.worsen(Price(100), Side::sell, 3)), Price(0));
}

}  // namespace
}  // namespace hftsim
