#include "engine/portfolio/round_trips.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

RoundTrip trip(double gross, double fees = 0, std::uint64_t bars = 1, std::int64_t seconds = 60) {
  RoundTrip round_trip;
  round_trip.gross = Money(gross);
  round_trip.fees = Money(fees);
  round_trip.bars_held = bars;
  round_trip.closed = Timestamp(seconds * kSecond.value);
  return round_trip;
}

TEST(RoundTripStats, WithoutRoundTripsEverythingIsNone) {
  const RoundTripStats stats;
  EXPECT_EQ(stats.count(), 0u);
  EXPECT_FALSE(stats.win_rate() || stats.average_win() || stats.average_loss() || stats.largest_win());
  EXPECT_FALSE(stats.largest_loss() || stats.win_loss_ratio() || stats.profit_factor() || stats.expectancy());
  EXPECT_FALSE(stats.sqn() || stats.kelly_fraction() || stats.average_bars_held());
  EXPECT_FALSE(stats.average_seconds_held());
}

TEST(RoundTripStats, HandComputed) {
  RoundTripStats stats;
  stats.add(trip(11, 1, 4, 120));  // +10
  stats.add(trip(21, 1, 2, 60));   // +20
  stats.add(trip(-4, 1, 3, 60));   // -5
  stats.add(trip(1, 1, 3, 0));     // 0
  EXPECT_EQ(stats.winners(), 2u);
  EXPECT_EQ(stats.losers(), 1u);
  EXPECT_DOUBLE_EQ(stats.gross().value, 29);
  EXPECT_DOUBLE_EQ(stats.net().value, 25);
  EXPECT_DOUBLE_EQ(*stats.win_rate(), 0.5);
  EXPECT_DOUBLE_EQ(stats.average_win()->value, 15);
  EXPECT_DOUBLE_EQ(stats.average_loss()->value, -5);
  EXPECT_DOUBLE_EQ(stats.largest_win()->value, 20);
  EXPECT_DOUBLE_EQ(stats.largest_loss()->value, -5);
  EXPECT_DOUBLE_EQ(*stats.win_loss_ratio(), 3);
  EXPECT_DOUBLE_EQ(*stats.profit_factor(), 6);
  EXPECT_DOUBLE_EQ(stats.expectancy()->value, 6.25);
  EXPECT_DOUBLE_EQ(*stats.kelly_fraction(), 0.5 - 0.5 / 3);
  EXPECT_DOUBLE_EQ(*stats.average_bars_held(), 3);
  EXPECT_DOUBLE_EQ(*stats.average_seconds_held(), 60);
  // Deviations 3.75, 13.75, -11.25, -6.25 around 6.25: sum of squares 368.75.
  EXPECT_DOUBLE_EQ(*stats.sqn(), 2 * 6.25 / std::sqrt(368.75 / 3));
}

TEST(RoundTripStats, FeesCanTurnAWinnerIntoALoser) {
  RoundTripStats stats;
  stats.add(trip(1, 2));
  EXPECT_EQ(stats.winners(), 0u);
  EXPECT_EQ(stats.losers(), 1u);
  EXPECT_FALSE(stats.average_win());
}

TEST(RoundTripStats, WithoutLosersRatiosAreNone) {
  RoundTripStats stats;
  stats.add(trip(5));
  stats.add(trip(5));
  EXPECT_DOUBLE_EQ(*stats.win_rate(), 1);
  EXPECT_FALSE(stats.profit_factor() || stats.win_loss_ratio() || stats.kelly_fraction());
  EXPECT_FALSE(stats.average_loss() || stats.largest_loss());
  EXPECT_FALSE(stats.sqn()) << "profits that do not vary have no quality number";
}

TEST(RoundTripStats, WithoutWinnersTheProfitFactorIsZero) {
  RoundTripStats stats;
  stats.add(trip(-5));
  EXPECT_DOUBLE_EQ(*stats.profit_factor(), 0);
  EXPECT_FALSE(stats.kelly_fraction());
}

TEST(RoundTripStats, EqualsTheNaiveDefinitions) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "round trips");
    RoundTripStats stats;
    std::vector<long double> nets;
    for (int i = 0; i < 2000; ++i) {
      const RoundTrip t = trip(100 * random.normal() + 3, random.uniform());
      stats.add(t);
      nets.push_back(t.net().value);
    }
    long double sum = 0, wins = 0, losses = 0, squares = 0, winners = 0, losers = 0;
    for (const long double net : nets) {
      sum += net;
      (net > 0 ? wins : losses) += net;
      (net > 0 ? winners : losers) += 1;
    }
    const auto n = static_cast<long double>(nets.size());
    for (const long double net : nets) squares += (net - sum / n) * (net - sum / n);
    const long double ratio = wins / winners / -(losses / losers);
    const auto near = [](double value, long double expected) {
      EXPECT_NEAR(value, static_cast<double>(expected), 1e-10 * std::abs(static_cast<double>(expected)));
    };
    near(stats.expectancy()->value, sum / n);
    near(*stats.profit_factor(), wins / -losses);
    near(*stats.win_loss_ratio(), ratio);
    near(*stats.win_rate(), winners / n);
    near(*stats.kelly_fraction(), winners / n - losers / n / ratio);
    near(*stats.sqn(), std::sqrt(n) * (sum / n) / std::sqrt(squares / (n - 1)));
    near(stats.largest_win()->value, *std::max_element(nets.begin(), nets.end()));
    near(stats.largest_loss()->value, *std::min_element(nets.begin(), nets.end()));
  }
}

}  // namespace
}  // namespace hftsim
