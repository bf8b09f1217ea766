// What holds for every strategy of the registry, over seeded random rows.
#include "engine/core/rng.h"
#include "strategies/registry.h"
#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

// A value such as the feature could have at a close near 100, mostly near the thresholds of the rules.
double plausible(const std::string& name, double close, double atr, RandomStream& random) {
  const auto is = [&](const char* prefix) {
    return name.rfind(prefix, 0) == 0;
  };
  const double near_close = close * (1 + 0.02 * random.normal());
  if (is("rsi")) return 100 * random.uniform();
  if (is("volume_ratio")) return 3 * random.uniform();
  if (is("momentum")) return close * 0.001 * random.normal();
  if (is("atr")) return atr;
  if (is("bb_upper") || is("rolling_high")) return near_close * 1.005;
  if (is("bb_lower") || is("rolling_low")) return near_close * 0.995;
  if (is("sma")) return near_close;
  ADD_FAILURE() << "say here what " << name << " looks like";
  return 0;
}

ShownBar random_bar(const std::vector<std::string>& names, RandomStream& random) {
  ShownBar bar;
  bar.close = 100 * (1 + 0.1 * random.normal());
  const double atr = bar.close * 0.01 * random.exponential();
  for (const std::string& name : names) bar.features[name] = plausible(name, bar.close, atr, random);
  // The two ends of one range.
  const auto high = bar.features.find("rolling_high_20");
  if (high != bar.features.end()) {
    bar.features["rolling_low_20"] = high->second * (1 - 0.01 * random.exponential());
  }
  if (random.below(2) == 0) bar.prediction = random.uniform();
  return bar;
}

StrategyParams params_of(const std::string& name, const char* mode) {
  if (name != "ensemble") return {};
  const std::vector<std::string> members = {"momentum", "mean_reversion", "breakout"};
  return {{"members", members}, {"mode", std::string(mode)}, {"min_confidence", 0.2}};
}

struct Subject {
  std::string name;
  const char* mode = "";
};

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << subject.name << subject.mode;
}

class EveryStrategy : public testing::TestWithParam<Subject> {
 protected:
  std::unique_ptr<Strategy> strategy_ =
      make_strategy(GetParam().name, params_of(GetParam().name, GetParam().mode));
  RandomStream random_{7, GetParam().name};
};

constexpr int kRows = 20'000;

TEST_P(EveryStrategy, IsSureBetweenZeroAndOneAndLeavesOnTheRightSide) {
  StrategyBench bench(*strategy_);
  int opinions = 0;
  for (int i = 0; i < kRows; ++i) {
    const ShownBar bar = random_bar(bench.names(), random_);
    const Signal signal = bench.show(bar);
    ASSERT_GE(signal.confidence, 0);
    ASSERT_LE(signal.confidence, 1);
    if (signal.side == SignalSide::hold) continue;
    ++opinions;
    const double direction = signal.side == SignalSide::buy ? 1 : -1;
    // Written so that "none" passes.
    ASSERT_FALSE(direction * (signal.target.value - bar.close) < 0) << "target on the losing side";
    ASSERT_FALSE(direction * (signal.stop.value - bar.close) > 0) << "stop on the winning side";
    ASSERT_FALSE(signal.target.value <= 0 || signal.stop.value <= 0);
  }
  EXPECT_GT(opinions, GetParam().name == "buy_and_hold" ? 5 : kRows / 100)
      << "the rows do not reach the rule";
}

class EveryStrategyWithFeatures : public EveryStrategy {};

TEST_P(EveryStrategyWithFeatures, HoldsWhereTheyAreUnknown) {
  StrategyBench bench(*strategy_);
  for (int i = 0; i < kRows / 10; ++i) {
    ShownBar bar = random_bar(bench.names(), random_);
    for (auto& [name, value] : bar.features) value = kUnknown;
    ASSERT_EQ(bench.show(bar).side, SignalSide::hold);
  }
}

TEST_P(EveryStrategy, SaysTheSameAgainAfterStart) {
  std::vector<Signal> first, second;
  for (std::vector<Signal>* said : {&first, &second}) {
    RandomStream random(11, GetParam().name);
    StrategyBench bench(*strategy_);
    for (int i = 0; i < 1000; ++i) said->push_back(bench.show(random_bar(bench.names(), random)));
  }
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(first[i].side, second[i].side) << "row " << i;
    ASSERT_EQ(first[i].confidence, second[i].confidence) << "row " << i;
  }
}

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const StrategySpec& spec : strategy_specs()) {
    if (spec.name != "ensemble") all.push_back({spec.name});
  }
  for (const char* mode : {"majority", "unanimous", "weighted"}) all.push_back({"ensemble", mode});
  return all;
}

std::vector<Subject> subjects_with_features() {
  std::vector<Subject> all = subjects();
  std::erase_if(all, [](const Subject& s) { return make_strategy(s.name, {})->features().empty(); });
  return all;
}

std::string subject_name(const testing::TestParamInfo<Subject>& test) {
  return test.param.name + test.param.mode;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryStrategy, testing::ValuesIn(subjects()), subject_name);
INSTANTIATE_TEST_SUITE_P(Registry, EveryStrategyWithFeatures, testing::ValuesIn(subjects_with_features()),
                         subject_name);

}  // namespace
}  // namespace hftsim
