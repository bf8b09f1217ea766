#include "engine/core/instrument.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

Instrument with_lot(double lot) {
  return {.symbol = "TEST", .lot_size = lot};
}

TEST(Instrument, RoundsTowardsZero) {
  const Instrument shares = with_lot(1);
  EXPECT_EQ(shares.round_to_lot(Quantity(2.999)), Quantity(2));
  EXPECT_EQ(shares.round_to_lot(Quantity(-2.999)), Quantity(-2));
  EXPECT_EQ(shares.round_to_lot(Quantity(0.999)), Quantity(0));
  EXPECT_EQ(shares.round_to_lot(Quantity(0)), Quantity(0));
}

// 0.3 / 0.1 is 2.9999999999999996 in doubles.
TEST(Instrument, TakesAMultipleForAMultiple) {
  const Instrument tenths = with_lot(0.1);
  for (int lots = 1; lots <= 1000; ++lots)
    EXPECT_EQ(tenths.round_to_lot(Quantity(lots / 10.0)).value, lots * 0.1) << lots;
}

TEST(Instrument, RoundingTwiceChangesNothing) {
  RandomStream random(1, "lots");
  for (const double lot : {1e-8, 1e-3, 0.1, 1.0, 100.0}) {
    const Instrument instrument = with_lot(lot);
    for (int i = 0; i < 10'000; ++i) {
      const Quantity once = instrument.round_to_lot(Quantity(1e4 * (random.uniform() - 0.5)));
      EXPECT_EQ(instrument.round_to_lot(once), once);
    }
  }
}

TEST(Instrument, LosesLessThanOneLotAndNeverGains) {
  RandomStream random(2, "lots");
  const Instrument instrument = with_lot(0.001);
  for (int i = 0; i < 10'000; ++i) {
    const double asked = 10 * (random.uniform() - 0.5);
    const double given = instrument.round_to_lot(Quantity(asked)).value;
    EXPECT_LE(std::fabs(given), std::fabs(asked) * (1 + 1e-15));
    EXPECT_LT(std::fabs(asked) - std::fabs(given), 0.001);
    EXPECT_LE(0, given * asked);
  }
}

TEST(Instrument, WithoutALotNothingIsRounded) {
  EXPECT_EQ(with_lot(0).round_to_lot(Quantity(1.0 / 3)), Quantity(1.0 / 3));
}

}  // namespace
}  // namespace hftsim
