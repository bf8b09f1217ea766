#include "strategies/mean_reversion.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

constexpr auto kBuy = SignalSide::buy;
constexpr auto kSell = SignalSide::sell;

// Nothing votes: RSI in the middle, close on its mean and inside its band.
const FeatureValues kQuiet = {{"rsi_14", 50},  {"bb_upper_20_2", 110},   {"bb_lower_20_2", 90},
                              {"sma_20", 100}, {"volume_ratio_10", 1.1}, {"atr_14", 2}};

FeatureValues quiet_but(const FeatureValues& changes) {
  FeatureValues values = changes;
  values.insert(kQuiet.begin(), kQuiet.end());
  return values;
}

struct Case {
  const char* name;
  FeatureValues changes;
  Expected expected;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class MeanReversionRule : public testing::TestWithParam<Case> {};

TEST_P(MeanReversionRule, SaysWhatTheTableSays) {
  MeanReversion strategy(MeanReversionParams{});
  StrategyBench bench(strategy);
  expect_signal(bench.show({.close = 100, .features = quiet_but(GetParam().changes)}), GetParam().expected);
}

// At a close of 100 and an ATR of 2: strong targets 104 / 96, stops 97 / 103; weak 103 / 97 and 98 / 102.
INSTANTIATE_TEST_SUITE_P(
    MeanReversion, MeanReversionRule,
    testing::Values(
        Case{"HoldsWhereNothingVotes", {}, {}},
        // One vote: weak, and only with volume.
        Case{"OversoldAloneIsAWeakBuy", {{"rsi_14", 15}}, {kBuy, 0.14, 103, 98}},      // 0.4 * 0.5 * 0.7
        Case{"OverboughtAloneIsAWeakSell", {{"rsi_14", 85}}, {kSell, 0.14, 97, 102}},  // 0.4 * 0.5 * 0.7
        Case{"RsiAtTheOversoldBoundDoesNotVote", {{"rsi_14", 30}}, {}},
        Case{"RsiAtTheOverboughtBoundDoesNotVote", {{"rsi_14", 70}}, {}},
        Case{"OneVoteWithoutVolumeHolds", {{"rsi_14", 15}, {"volume_ratio_10", 1.0999}}, {}},
        Case{"BelowTheBandAloneIsAWeakBuy",
             {{"bb_lower_20_2", 125}, {"bb_upper_20_2", 130}},
             {kBuy, 0.21, 103, 98}},  // min(0.2 / 0.02, 0.3) * 0.7
        Case{"BandVoteGrowsWithTheDistance",
             {{"bb_upper_20_2", 99.8003992015968}},
             {kSell, 0.07, 97, 102}},  // 100 is 0.002 above: 0.002 / 0.02 * 0.7
        Case{"CloseOnTheLowerBandDoesNotVote", {{"bb_lower_20_2", 100}}, {}},
        Case{"CloseOnTheUpperBandDoesNotVote", {{"bb_upper_20_2", 100}}, {}},
        Case{"BelowTheMeanAloneIsAWeakBuy", {{"sma_20", 103}}, {kBuy, 0.14, 103, 98}},  // 0.2 * 0.7
        Case{"AboveTheMeanAloneIsAWeakSell", {{"sma_20", 97}}, {kSell, 0.14, 97, 102}},
        Case{"LessThanTheDeviationDoesNotVote", {{"sma_20", 102}}, {}},                  // -1.96 %
        Case{"MoreThanTheDeviationVotes", {{"sma_20", 102.05}}, {kBuy, 0.14, 103, 98}},  // -2.009 %
        // Two and three votes: strong, with volume or without.
        Case{"TwoVotesAreAStrongBuy", {{"rsi_14", 15}, {"sma_20", 103}}, {kBuy, 0.4, 104, 97}},
        Case{"TwoVotesAreAStrongSell", {{"rsi_14", 85}, {"sma_20", 97}}, {kSell, 0.4, 96, 103}},
        Case{"StrongWithoutVolumeIsLessSure",
             {{"rsi_14", 15}, {"sma_20", 103}, {"volume_ratio_10", 1}},
             {kBuy, 0.28, 104, 97}},
        Case{"ThreeVotesAddUp",
             {{"rsi_14", 7.5}, {"bb_lower_20_2", 105}, {"sma_20", 105}},
             {kBuy, 0.8, 104, 97}},  // 0.3 + 0.3 + 0.2
        Case{"ThreeVotesAtMostReachNineTenths",
             {{"rsi_14", 0}, {"bb_lower_20_2", 105}, {"sma_20", 105}},
             {kBuy, 0.9, 104, 97}},
        // Votes against each other: the sum decides, every vote adds to the confidence.
        Case{"OppositeVotesCancel", {{"rsi_14", 15}, {"sma_20", 97}}, {}},
        Case{"TwoAgainstOneIsWeak",
             {{"rsi_14", 15}, {"bb_lower_20_2", 105}, {"sma_20", 97}},
             {kBuy, 0.49, 103, 98}},  // (0.2 + 0.3 + 0.2) * 0.7
        Case{"TwoAgainstOneWithoutVolumeHolds",
             {{"rsi_14", 15}, {"bb_lower_20_2", 105}, {"sma_20", 97}, {"volume_ratio_10", 1}},
             {}}),
    ByName{});

TEST(MeanReversion, TheLargestWeakConfidenceIsBelowItsCap) {
  // Every vote in full and one of them against the others: (0.4 + 0.3 + 0.2) * 0.7.
  MeanReversion strategy(MeanReversionParams{});
  StrategyBench bench(strategy);
  const FeatureValues features = quiet_but({{"rsi_14", 0}, {"bb_lower_20_2", 110}, {"sma_20", 90}});
  expect_signal(bench.show({.close = 100, .features = features}), {kBuy, 0.63, 103, 98});
}

TEST(MeanReversion, HoldsWhereAnyFeatureIsUnknown) {
  MeanReversion strategy(MeanReversionParams{});
  StrategyBench bench(strategy);
  const FeatureValues loud = quiet_but({{"rsi_14", 5}, {"bb_lower_20_2", 105}, {"sma_20", 105}});
  ASSERT_EQ(bench.show({.close = 100, .features = loud}).side, kBuy);
  for (const auto& [name, value] : loud) {
    FeatureValues one_unknown = loud;
    one_unknown[name] = kUnknown;
    EXPECT_EQ(bench.show({.close = 100, .features = one_unknown}).side, SignalSide::hold) << name;
  }
}

TEST(MeanReversion, AStopBelowZeroIsNoStop) {
  MeanReversion strategy(MeanReversionParams{});
  StrategyBench bench(strategy);
  const FeatureValues features = quiet_but({{"rsi_14", 15}, {"sma_20", 103}, {"atr_14", 100}});
  expect_signal(bench.show({.close = 100, .features = features}), {kBuy, 0.4, 300, kUnknown});
}

}  // namespace
}  // namespace hftsim
