#include "strategies/momentum.h"

#include "engine/core/rng.h"
#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

constexpr auto kHold = SignalSide::hold;
constexpr auto kBuy = SignalSide::buy;
constexpr auto kSell = SignalSide::sell;

// 0.0005 of a close of 1024 is not a round number, so thresholds here are powers of two: 1 / 1024 of the
// close is a momentum of exactly 1.
const MomentumParams kParams{
    .ml_threshold = 0.75, .momentum_threshold = 1.0 / 1024, .volume_threshold = 1.25};

struct Case {
  const char* name;
  double momentum;
  double volume_ratio;
  double prediction;
  Expected expected;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class MomentumRule : public testing::TestWithParam<Case> {};

TEST_P(MomentumRule, SaysWhatTheTableSays) {
  const Case& c = GetParam();
  Momentum momentum(kParams);
  StrategyBench bench(momentum);
  const Signal signal =
      bench.show({.close = 1024,
                  .features = {{"momentum_10", c.momentum}, {"volume_ratio_20", c.volume_ratio}},
                  .prediction = c.prediction});
  expect_signal(signal, c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Momentum, MomentumRule,
    testing::Values(
        // No model: momentum alone, and only with volume. Beyond its threshold its confidence is 1.
        Case{"BuysAboveTheMomentumThreshold", 1.001, 1.25, kUnknown, {kBuy, 0.6}},
        Case{"HoldsAtTheMomentumThreshold", 1, 1.25, kUnknown, {}},
        Case{"SellsBelowTheMomentumThreshold", -1.001, 1.25, kUnknown, {kSell, 0.6}},
        Case{"HoldsAtTheNegativeMomentumThreshold", -1, 1.25, kUnknown, {}},
        Case{"HoldsWhileVolumeDoesNotConfirm", 5, 1.2499, kUnknown, {}},
        // Both agree: mean of the confidences * 1.2 or * 0.8.
        Case{"BothBuyWithoutVolume", 2, 1, 0.8, {kBuy, 0.72}},         // (0.8 + 1) / 2 * 0.8
        Case{"BothSellWithoutVolume", -2, 1, 0.125, {kSell, 0.75}},    // (0.875 + 1) / 2 * 0.8
        Case{"BothBuyWithVolumeIsCapped", 2, 2, 0.8, {kBuy, 1}},       // 0.9 * 1.2 > 1
        Case{"BothSellWithVolumeIsCapped", -2, 2, 0.125, {kSell, 1}},  // 0.9375 * 1.2 > 1
        // The model against momentum, or alone: 0.7 of its confidence, only with volume.
        Case{"ModelWinsADisagreementWithVolume", -2, 1.25, 0.8, {kBuy, 0.56}},
        Case{"DisagreementWithoutVolumeHolds", -2, 1, 0.8, {}},
        Case{"ModelAloneBuysWithVolume", 0, 1.25, 0.8, {kBuy, 0.56}},
        Case{"ModelAloneSellsWithVolume", 0, 1.25, 0.2, {kSell, 0.56}},
        Case{"ModelAloneHoldsWithoutVolume", 0, 1, 0.99, {}},
        Case{"ModelAtItsThresholdDoesNotVote", 0, 2, 0.75, {}},
        Case{"ModelAtItsLowerThresholdDoesNotVote", 0, 2, 0.25, {}},
        Case{"UndecidedModelLeavesItToMomentum", 2, 1.25, 0.5, {kBuy, 0.6}},
        // Not known yet.
        Case{"UnknownMomentumHolds", kUnknown, 2, 0.9, {}},
        Case{"UnknownVolumeHoldsEvenWhereBothAgree", 2, kUnknown, 0.9, {}}),
    ByName{});

TEST(Momentum, ModelAndMomentumWithVolumeGainAFifth) {
  // With a model threshold of 0.5 the mean can be small enough not to be capped: (0.6 + 1) / 2 * 1.2 = 0.96.
  Momentum momentum({.ml_threshold = 0.5, .momentum_threshold = 1.0 / 1024, .volume_threshold = 1});
  StrategyBench bench(momentum);
  const FeatureValues features = {{"momentum_10", 2}, {"volume_ratio_20", 1}};
  expect_signal(bench.show({.close = 1024, .features = features, .prediction = 0.6}), {kBuy, 0.96});
}

TEST(Momentum, MomentumIsTakenRelativeToTheClose) {
  Momentum momentum(MomentumParams{});
  StrategyBench bench(momentum);
  const FeatureValues features = {{"momentum_10", 45}, {"volume_ratio_20", 1.2}};
  expect_signal(bench.show({.close = 89'000, .features = features}), {kBuy, 0.6});   // 5.06e-4
  expect_signal(bench.show({.close = 91'000, .features = features}), {kHold, 0.0});  // 4.95e-4
}

TEST(Momentum, WorksOnWarmRowsOnly) {
  EXPECT_TRUE(Momentum(MomentumParams{}).needs_warm_row());
}

// The rule once more, as the specification's sentences stand there.
Expected stated_rule(const MomentumParams& q, double c, double momentum_10, double volume_ratio, double p) {
  SignalSide model = kHold, move = kHold;
  double model_confidence = 0, move_confidence = 0;
  if (p > q.ml_threshold) model = kBuy, model_confidence = p;
  if (p < 1 - q.ml_threshold) model = kSell, model_confidence = 1 - p;
  const double m = momentum_10 / c;
  if (std::abs(m) > q.momentum_threshold) {
    move = m > 0 ? kBuy : kSell;
    move_confidence = std::min(std::abs(m) / q.momentum_threshold, 1.0);
  }
  const bool volume = volume_ratio >= q.volume_threshold;
  Expected result;
  if (model != kHold && model == move) {
    result = {model, (model_confidence + move_confidence) / 2 * (volume ? 1.2 : 0.8)};
  } else if (model != kHold && volume) {
    result = {model, 0.7 * model_confidence};
  } else if (move != kHold && volume) {
    result = {move, 0.6 * move_confidence};
  }
  result.confidence = std::min(result.confidence, 1.0);
  return result;
}

TEST(Momentum, EqualsTheStatedRuleOverRandomRows) {
  const MomentumParams params;
  Momentum momentum(params);
  StrategyBench bench(momentum);
  RandomStream random(1, "momentum rows");
  std::map<SignalSide, int> seen;
  for (int i = 0; i < 20'000; ++i) {
    const double close = 1000 * (1 + random.uniform());
    const double move = close * 0.001 * random.normal();
    const double volume_ratio = 2.4 * random.uniform();
    const double prediction = random.below(4) == 0 ? kUnknown : random.uniform();
    const Signal signal = bench.show({.close = close,
                                      .features = {{"momentum_10", move}, {"volume_ratio_20", volume_ratio}},
                                      .prediction = prediction});
    const Expected expected = stated_rule(params, close, move, volume_ratio, prediction);
    ASSERT_NO_FATAL_FAILURE(expect_signal(signal, expected));
    ASSERT_FALSE(testing::Test::HasFailure()) << "row " << i;
    ++seen[signal.side];
  }
  EXPECT_GT(std::min({seen[kHold], seen[kBuy], seen[kSell]}), 2000) << "rows do not reach every side";
}

}  // namespace
}  // namespace hftsim
