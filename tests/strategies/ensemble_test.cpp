#include "strategies/ensemble.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

constexpr auto kHold = SignalSide::hold;
constexpr auto kBuy = SignalSide::buy;
constexpr auto kSell = SignalSide::sell;

// Says what it was told to say.
class Fixed final : public SignalStrategy {
 public:
  explicit Fixed(Signal signal, std::vector<std::string> features = {}, bool needs_warm_row = true)
      : signal_(signal), features_(std::move(features)), needs_warm_row_(needs_warm_row) {}

  std::vector<std::string> features() const override { return features_; }
  void start(const FeatureLookup&, std::span<const Instrument>) override {}
  bool needs_warm_row() const override { return needs_warm_row_; }
  Signal decide(const StrategyContext&) override { return signal_; }
  void on_report(const StrategyContext&, OrderGateway&, const ExecutionReport&) override { ++reports; }

  int reports = 0;

 private:
  Signal signal_;
  std::vector<std::string> features_;
  bool needs_warm_row_;
};

Signal says(SignalSide side, double confidence, double target = kUnknown, double stop = kUnknown) {
  return {side, confidence, Price(target), Price(stop)};
}

struct Case {
  const char* name;
  EnsembleMode mode;
  double min_confidence;
  std::vector<Signal> votes;
  std::vector<double> weights;  // empty: 1 each
  Expected expected;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class EnsembleRule : public testing::TestWithParam<Case> {};

TEST_P(EnsembleRule, SaysWhatTheTableSays) {
  const Case& c = GetParam();
  std::vector<EnsembleMember> members;
  for (std::size_t i = 0; i < c.votes.size(); ++i) {
    members.push_back({std::make_unique<Fixed>(c.votes[i]), c.weights.empty() ? 1 : c.weights[i]});
  }
  Ensemble ensemble(std::move(members), c.mode, c.min_confidence);
  StrategyBench bench(ensemble);
  expect_signal(bench.show({}), c.expected);
}

constexpr auto kMajority = EnsembleMode::majority;
constexpr auto kUnanimous = EnsembleMode::unanimous;
constexpr auto kWeighted = EnsembleMode::weighted;

INSTANTIATE_TEST_SUITE_P(
    Majority, EnsembleRule,
    testing::Values(
        Case{"TwoOfThree",
             kMajority,
             0.5,
             {says(kBuy, 0.8), says(kBuy, 0.4), says(kSell, 1)},
             {},
             {kBuy, 0.4}},
        Case{"AllOfThree",
             kMajority,
             0.5,
             {says(kSell, 0.8), says(kSell, 0.4), says(kSell, 0.6)},
             {},
             {kSell, 0.6}},
        Case{"HalfIsNotMoreThanHalf", kMajority, 0, {says(kBuy, 1), says(kSell, 0.1)}, {}, {}},
        Case{"HoldsAreVotes",
             kMajority,
             0,
             {says(kBuy, 1), says(kBuy, 1), says(kHold, 0), says(kHold, 0)},
             {},
             {}},
        Case{"MeanConfidenceAtTheMinimumCounts", kMajority, 0.5, {says(kBuy, 0.5)}, {}, {kBuy, 0.5}},
        Case{"MeanConfidenceBelowTheMinimumHolds", kMajority, 0.5, {says(kBuy, 0.4999)}, {}, {}},
        Case{"MinimumIsOfTheMeanBeforeTheShare",
             kMajority,
             0.5,
             {says(kBuy, 0.5), says(kBuy, 0.5), says(kHold, 0)},
             {},
             {kBuy, 1.0 / 3}},
        Case{"WeightsDoNotMatter",
             kMajority,
             0,
             {says(kBuy, 0.5), says(kBuy, 0.5), says(kSell, 1)},
             {1, 1, 9},
             {kBuy, 1.0 / 3}},
        Case{"TargetsAndStopsAreMeansOfTheAgreeing",
             kMajority,
             0,
             {says(kBuy, 1, 110, 90), says(kBuy, 1, 120, 95), says(kSell, 1, 50, 200)},
             {},
             {kBuy, 2.0 / 3, 115, 92.5}},
        Case{"AgreeingWithoutTargetAreLeftOut",
             kMajority,
             0,
             {says(kBuy, 1, 110, kUnknown), says(kBuy, 1), says(kBuy, 1, 114, kUnknown)},
             {},
             {kBuy, 1, 112}}),
    ByName{});

INSTANTIATE_TEST_SUITE_P(
    Unanimous, EnsembleRule,
    testing::Values(
        Case{"HoldsDoNotCount",
             kUnanimous,
             0.5,
             {says(kBuy, 0.8), says(kHold, 0), says(kBuy, 0.4)},
             {},
             {kBuy, 0.6}},
        Case{"OneAgainstIsEnough", kUnanimous, 0, {says(kBuy, 1), says(kBuy, 1), says(kSell, 0.1)}, {}, {}},
        Case{"AllHold", kUnanimous, 0, {says(kHold, 0), says(kHold, 0)}, {}, {}},
        Case{"OneAloneSpeaks",
             kUnanimous,
             0.5,
             {says(kSell, 0.3, 90, 105), says(kHold, 0)},
             {},
             {kSell, 0.3, 90, 105}}),
    ByName{});

INSTANTIATE_TEST_SUITE_P(
    Weighted, EnsembleRule,
    testing::Values(
        // Weights 3 : 1.
        Case{"TheHeavierSideWins", kWeighted, 0.5, {says(kBuy, 1), says(kSell, 1)}, {3, 1}, {kBuy, 0.5}},
        Case{"SellsCountNegative", kWeighted, 0.5, {says(kBuy, 0.5), says(kSell, 1)}, {1, 3}, {kSell, 0.625}},
        Case{"ScoreAtHalfTheMinimumHolds", kWeighted, 0.5, {says(kBuy, 0.25)}, {}, {}},
        Case{"ScoreBeyondHalfTheMinimumSpeaks", kWeighted, 0.5, {says(kBuy, 0.26)}, {}, {kBuy, 0.26}},
        Case{"NegativeScoreAtHalfTheMinimumHolds", kWeighted, 0.5, {says(kSell, 0.25)}, {}, {}},
        Case{"NegativeScoreBeyondSpeaks", kWeighted, 0.5, {says(kSell, 0.26)}, {}, {kSell, 0.26}},
        Case{"HoldsDilute", kWeighted, 0.5, {says(kBuy, 0.75), says(kHold, 0)}, {}, {kBuy, 0.375}},
        Case{"ABalanceHolds", kWeighted, 0, {says(kBuy, 0.5), says(kSell, 0.5)}, {}, {}},
        Case{"PricesComeFromTheWinningSide",
             kWeighted,
             0,
             {says(kBuy, 1, 110, 95), says(kSell, 1, 90, 105)},
             {3, 1},
             {kBuy, 0.5, 110, 95}},
        Case{"AMemberOfWeightZeroHasNoSayInTheScore",
             kWeighted,
             0,
             {says(kBuy, 0.5), says(kSell, 1)},
             {1, 0},
             {kBuy, 0.5}}),
    ByName{});

TEST(Ensemble, AnUnknownConfidenceIsAHold) {
  for (const EnsembleMode mode : {kMajority, kUnanimous, kWeighted}) {
    std::vector<EnsembleMember> members;
    members.push_back({std::make_unique<Fixed>(says(kBuy, kUnknown)), 1});
    Ensemble ensemble(std::move(members), mode, 0);
    StrategyBench bench(ensemble);
    EXPECT_EQ(bench.show({}).side, kHold);
  }
}

TEST(Ensemble, NamesEveryFeatureOfItsMembersOnce) {
  std::vector<EnsembleMember> members;
  members.push_back({std::make_unique<Fixed>(Signal{}, std::vector<std::string>{"sma_5", "sma_10"}), 1});
  members.push_back({std::make_unique<Fixed>(Signal{}, std::vector<std::string>{"sma_10", "rsi_14"}), 1});
  const Ensemble ensemble(std::move(members), kMajority, 0);
  EXPECT_EQ(ensemble.features(), (std::vector<std::string>{"sma_5", "sma_10", "rsi_14"}));
}

TEST(Ensemble, MembersThatNeedAWarmRowHoldUntilThereIsOne) {
  std::vector<EnsembleMember> members;
  members.push_back({std::make_unique<Fixed>(says(kSell, 1), std::vector<std::string>{}, true), 1});
  members.push_back({std::make_unique<Fixed>(says(kBuy, 1), std::vector<std::string>{}, false), 1});
  Ensemble ensemble(std::move(members), kUnanimous, 0);
  StrategyBench bench(ensemble);
  EXPECT_FALSE(ensemble.needs_warm_row());
  EXPECT_EQ(bench.show({.warm = false}).side, kBuy);
  EXPECT_EQ(bench.show({.warm = true}).side, kHold) << "now both speak, against each other";
}

TEST(Ensemble, NeedsAWarmRowWhereAllMembersDo) {
  std::vector<EnsembleMember> members;
  members.push_back({std::make_unique<Fixed>(Signal{}), 1});
  EXPECT_TRUE(Ensemble(std::move(members), kMajority, 0).needs_warm_row());
}

TEST(Ensemble, ByDefaultTwoMembersCanOutvoteTheThird) {
  const StrategyParams resolved = resolve_params("ensemble", {});
  EXPECT_EQ(std::get<std::vector<std::string>>(resolved.at("members")),
            (std::vector<std::string>{"momentum", "mean_reversion", "breakout"}));
}

TEST(Ensemble, MembersHearOfReports) {
  auto member = std::make_unique<Fixed>(Signal{});
  Fixed& heard = *member;
  std::vector<EnsembleMember> members;
  members.push_back({std::move(member), 1});
  Ensemble ensemble(std::move(members), kMajority, 0);
  StrategyBench bench(ensemble);
  bench.report(ReportKind::filled);
  EXPECT_EQ(heard.reports, 1);
}

}  // namespace
}  // namespace hftsim
