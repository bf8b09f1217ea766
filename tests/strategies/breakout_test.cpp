#include "strategies/breakout.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

constexpr auto kBuy = SignalSide::buy;
constexpr auto kSell = SignalSide::sell;

// 0.5 % above the high of 1000, volume 1.4, along a rising trend, but no momentum.
const FeatureValues kUp = {{"rolling_high_20", 1000},
                           {"rolling_low_20", 900},
                           {"volume_ratio_10", 1.4},
                           {"sma_10", 990},
                           {"sma_20", 980},
                           {"momentum_10", 0},
                           {"atr_14", 10}};
constexpr double kUpClose = 1005;

// 0.5 % below the low of 1000, mirrored.
const FeatureValues kDown = {{"rolling_high_20", 1100},
                             {"rolling_low_20", 1000},
                             {"volume_ratio_10", 1.4},
                             {"sma_10", 1010},
                             {"sma_20", 1020},
                             {"momentum_10", 0},
                             {"atr_14", 10}};
constexpr double kDownClose = 995;

struct Case {
  const char* name;
  bool up;
  FeatureValues changes;
  double prediction;
  Expected expected;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

Signal shown(const Case& c, const BreakoutParams& params = {}) {
  Breakout strategy(params);
  StrategyBench bench(strategy);
  FeatureValues features = c.changes;
  features.insert(c.up ? kUp.begin() : kDown.begin(), c.up ? kUp.end() : kDown.end());
  return bench.show(
      {.close = c.up ? kUpClose : kDownClose, .features = features, .prediction = c.prediction});
}

class BreakoutRule : public testing::TestWithParam<Case> {};

TEST_P(BreakoutRule, SaysWhatTheTableSays) {
  expect_signal(shown(GetParam()), GetParam().expected);
}

// Both: distance 0.005 / 0.01 is capped at 0.4, volume 0.4 / 2 = 0.2, together 0.6.
INSTANTIATE_TEST_SUITE_P(
    Breakout, BreakoutRule,
    testing::Values(
        Case{"BuysAboveTheHigh", true, {}, kUnknown, {kBuy, 0.6, 1025, 995}},
        Case{"SellsBelowTheLow", false, {}, kUnknown, {kSell, 0.6, 975, 1005}},
        Case{"HoldsWithinTheThreshold", true, {{"rolling_high_20", 1004}}, kUnknown, {}},
        Case{"DistanceCountsUpToFourTenths",
             true,
             {{"rolling_high_20", 1002.994011976048}},
             kUnknown,
             {kBuy, 0.4, 1025, 997.97904191616776}},  // 0.2 % beyond: 0.2 + 0.2
        Case{"HoldsWhileVolumeDoesNotConfirm", true, {{"volume_ratio_10", 1.2999}}, kUnknown, {}},
        Case{"VolumeAtItsThresholdConfirms",
             true,
             {{"volume_ratio_10", 1.3}},
             kUnknown,
             {kBuy, 0.55, 1025, 995}},
        Case{"VolumeCountsUpToThreeTenths", true, {{"volume_ratio_10", 9}}, kUnknown, {kBuy, 0.7, 1025, 995}},
        Case{"MomentumAlongAdds", true, {{"momentum_10", 0.201}}, kUnknown, {kBuy, 0.7, 1025, 995}},
        Case{"MomentumAlongASellAdds", false, {{"momentum_10", -0.199}}, kUnknown, {kSell, 0.7, 975, 1005}},
        Case{"MomentumAgainstAddsNothing", true, {{"momentum_10", -5}}, kUnknown, {kBuy, 0.6, 1025, 995}},
        Case{"ConfidenceIsCapped",
             true,
             {{"momentum_10", 50}, {"volume_ratio_10", 9}},
             kUnknown,
             {kBuy, 0.95, 1025, 995}},  // 0.4 + 0.3 + 0.3
        // Against the trend, or without one: 0.45, a nearer target, the stop at the other side of the range.
        Case{"AgainstTheTrendIsWeak", true, {{"sma_10", 979}}, kUnknown, {kBuy, 0.45, 1020, 900}},
        Case{"WithoutATrendIsWeak", true, {{"sma_10", 980}}, kUnknown, {kBuy, 0.45, 1020, 900}},
        Case{"SellAgainstTheTrendIsWeak", false, {{"sma_10", 1021}}, kUnknown, {kSell, 0.45, 980, 1100}},
        Case{"SellWithoutATrendIsWeak", false, {{"sma_10", 1020}}, kUnknown, {kSell, 0.45, 980, 1100}},
        // The model.
        Case{"AgreeingModelAdds", true, {}, 0.75, {kBuy, 0.675, 1025, 995}},
        Case{"ModelAgreeingWithASellAdds", false, {}, 0.25, {kSell, 0.675, 975, 1005}},
        Case{"AgreeingModelIsCapped",
             true,
             {{"momentum_10", 50}, {"volume_ratio_10", 9}},
             0.75,
             {kBuy, 0.98, 1025, 995}},
        Case{"UndecidedModelChangesNothing", true, {}, 0.5, {kBuy, 0.6, 1025, 995}},
        Case{"MildDisagreementChangesNothing", true, {}, 0.4, {kBuy, 0.6, 1025, 995}},
        Case{"StrongDisagreementWeakens", true, {}, 0.3999, {kBuy, 0.36, 1025, 995}},
        Case{"MildDisagreementWithASellChangesNothing", false, {}, 0.6, {kSell, 0.6, 975, 1005}},
        Case{"StrongDisagreementWeakensASell", false, {}, 0.6001, {kSell, 0.36, 975, 1005}},
        Case{"ModelMovesAWeakSignalToo", true, {{"sma_10", 979}}, 0.75, {kBuy, 0.525, 1020, 900}}),
    ByName{});

TEST(Breakout, HoldsOnTheThresholdItself) {
  // A threshold of 1/256 over a high of 1024 is 1028 exactly.
  Breakout strategy({.threshold = 1.0 / 256});
  StrategyBench bench(strategy);
  FeatureValues features = kUp;
  features["rolling_high_20"] = 1024;
  EXPECT_EQ(bench.show({.close = 1028, .features = features}).side, SignalSide::hold);
  EXPECT_EQ(bench.show({.close = 1028.0001, .features = features}).side, kBuy);
}

TEST(Breakout, TargetFollowsTheAtrMultiple) {
  const Case with_trend{"", true, {}, kUnknown, {}};
  const Case against{"", true, {{"sma_10", 979}}, kUnknown, {}};
  EXPECT_DOUBLE_EQ(shown(with_trend, {.atr_multiple = 4}).target.value, 1045);
  EXPECT_DOUBLE_EQ(shown(against, {.atr_multiple = 4}).target.value, 1020) << "weak: always 1.5 ATR";
}

TEST(Breakout, ThinVolumeAllowedByTheThresholdDoesNotMakeConfidenceNegative) {
  // (0 - 1) / 2 would outweigh a distance of 0.2 % (0.2).
  const Case thin{"", true, {{"rolling_high_20", 1003}, {"volume_ratio_10", 0}}, kUnknown, {}};
  const Signal signal = shown(thin, {.volume_threshold = 0});
  EXPECT_EQ(signal.side, kBuy);
  EXPECT_EQ(signal.confidence, 0);
}

TEST(Breakout, HoldsWhereAnyFeatureIsUnknown) {
  for (const auto& [name, value] : kUp) {
    const Case unknown{"", true, {{name, kUnknown}}, 0.9, {}};
    EXPECT_EQ(shown(unknown).side, SignalSide::hold) << name;
  }
}

}  // namespace
}  // namespace hftsim
