#include "engine/portfolio/sizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

SizerConfig named(const std::string& name) {
  SizerConfig config;
  config.name = name;
  return config;
}

RoundTripStats stats_of(int wins, double win, int losses, double loss) {
  RoundTripStats stats;
  RoundTrip trip;
  trip.gross = Money(win);
  for (int i = 0; i < wins; ++i) stats.add(trip);
  trip.gross = Money(loss);
  for (int i = 0; i < losses; ++i) stats.add(trip);
  return stats;
}

TEST(Sizer, FixedQuantityDoesNotLookAtConfidence) {
  SizerConfig config = named("fixed_quantity");
  config.quantity = Quantity(2.5);
  const SizeDecision decision = make_sizer(config)->size(0.1, {});
  EXPECT_EQ(decision.rule, QuantityRule::fixed);
  EXPECT_EQ(decision.quantity.value, 2.5);
}

TEST(Sizer, FixedFractionScalesByConfidenceUpToTheMaximum) {
  SizerConfig config = named("fixed_fraction");
  config.position_size = 0.5;
  config.max_position = 0.4;
  const auto sizer = make_sizer(config);
  EXPECT_EQ(sizer->size(0.5, {}).rule, QuantityRule::target_weight);
  EXPECT_DOUBLE_EQ(sizer->size(0.5, {}).weight.value(), 0.25);
  EXPECT_DOUBLE_EQ(sizer->size(1.0, {}).weight.value(), 0.4);
}

TEST(Sizer, VolatilityTargetScalesDownButNeverUp) {
  SizerConfig config = named("volatility_target");
  config.volatility_limit = 0.2;
  const auto sizer = make_sizer(config);
  EXPECT_DOUBLE_EQ(sizer->size(1, {.volatility = 0.4}).weight.value(), 0.15);
  EXPECT_DOUBLE_EQ(sizer->size(1, {.volatility = 0.1}).weight.value(), 0.3);
  EXPECT_DOUBLE_EQ(sizer->size(1, {.volatility = std::nan("")}).weight.value(), 0.3);
  EXPECT_DOUBLE_EQ(sizer->size(1, {.volatility = 0}).weight.value(), 0.3);
}

TEST(Sizer, KellyFollowsTheRoundTripsSoFar) {
  SizerConfig config = named("kelly");
  config.max_position = 0.5;
  const auto sizer = make_sizer(config);
  // 60% winners at 1.5 : 1: 0.6 - 0.4 / 1.5 = 1/3; half of it.
  const RoundTripStats good = stats_of(12, 15, 8, -10);
  EXPECT_NEAR(sizer->size(0.1, {.round_trips = &good}).weight.value(), 1.0 / 6, 1e-12);
  const RoundTripStats superb = stats_of(19, 100, 1, -1);
  EXPECT_DOUBLE_EQ(sizer->size(0.1, {.round_trips = &superb}).weight.value(), 0.5 * (0.95 - 0.05 / 100));
  config.max_position = 0.4;
  EXPECT_DOUBLE_EQ(make_sizer(config)->size(1, {.round_trips = &superb}).weight.value(), 0.4);
  const RoundTripStats bad = stats_of(8, 10, 12, -10);
  EXPECT_EQ(sizer->size(1, {.round_trips = &bad}).weight.value(), 0);
}

TEST(Sizer, KellyIsFixedFractionBeforeThereIsEnoughToGoBy) {
  const auto sizer = make_sizer(named("kelly"));
  EXPECT_DOUBLE_EQ(sizer->size(0.5, {}).weight.value(), 0.15);
  const RoundTripStats few = stats_of(12, 15, 7, -10);
  EXPECT_DOUBLE_EQ(sizer->size(0.5, {.round_trips = &few}).weight.value(), 0.15);
  const RoundTripStats no_losers = stats_of(30, 15, 0, 0);
  EXPECT_DOUBLE_EQ(sizer->size(0.5, {.round_trips = &no_losers}).weight.value(), 0.15);
}

TEST(Sizer, UnknownNameIsRefusedWithTheNearest) {
  try {
    make_sizer(named("kely"));
    FAIL() << "no throw";
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("kely"));
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean kelly"));
  }
}

TEST(Sizer, ValuesOutOfRangeAreRefused) {
  EXPECT_THROW(make_sizer(named("fixed_quantity")), BadInput);
  EXPECT_THROW(make_sizer(named("volatility_target")), BadInput) << "without a volatility limit";
  SizerConfig config;
  config.position_size = -0.1;
  EXPECT_THROW(make_sizer(config), BadInput);
  config = SizerConfig{};
  config.max_position = std::nan("");
  EXPECT_THROW(make_sizer(config), BadInput);
}

TEST(Sizer, EveryNameMakesASizer) {
  for (const std::string& name : sizer_names()) {
    SizerConfig config = named(name);
    config.quantity = Quantity(1);
    config.volatility_limit = 0.2;
    EXPECT_NE(make_sizer(config), nullptr) << name;
  }
}

}  // namespace
}  // namespace hftsim
