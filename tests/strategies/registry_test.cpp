#include "strategies/registry.h"

#include <gmock/gmock.h>

#include "strategies/momentum.h"
#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

using testing::HasSubstr;
using Texts = std::vector<std::string>;
using Reals = std::vector<double>;

std::int64_t integer(std::int64_t value) {
  return value;
}

std::string message(std::string_view name, const StrategyParams& params) {
  try {
    make_strategy(name, params);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Registry, ListsEveryStrategyByName) {
  Texts names;
  for (const StrategySpec& spec : strategy_specs()) names.push_back(spec.name);
  EXPECT_EQ(names,
            (Texts{"breakout", "buy_and_hold", "ensemble", "mean_reversion", "momentum", "sma_cross"}));
}

TEST(Registry, EverySpecIsComplete) {
  for (const StrategySpec& spec : strategy_specs()) {
    EXPECT_FALSE(spec.summary.empty()) << spec.name;
    for (const ParamSpec& param : spec.params) {
      EXPECT_FALSE(param.help.empty()) << spec.name << "." << param.name;
      EXPECT_NO_THROW(checked_value(param, param.default_value, param.name))
          << spec.name << "." << param.name;
    }
  }
}

TEST(Registry, DefaultsAreTheSpecifications) {
  EXPECT_EQ(
      resolve_params("momentum", {}),
      (StrategyParams{{"ml_threshold", 0.55}, {"momentum_threshold", 0.0005}, {"volume_threshold", 1.2}}));
  EXPECT_EQ(
      resolve_params("mean_reversion", {}),
      (StrategyParams{
          {"oversold", 30.0}, {"overbought", 70.0}, {"mean_deviation", 0.02}, {"volume_threshold", 1.1}}));
  EXPECT_EQ(resolve_params("breakout", {}),
            (StrategyParams{{"threshold", 0.001}, {"volume_threshold", 1.3}, {"atr_multiple", 2.0}}));
  EXPECT_EQ(resolve_params("sma_cross", {}),
            (StrategyParams{{"fast", integer(10)}, {"slow", integer(20)}, {"short", false}}));
  EXPECT_TRUE(resolve_params("buy_and_hold", {}).empty());
}

TEST(Registry, MakesEveryStrategyFromItsDefaults) {
  for (const StrategySpec& spec : strategy_specs()) {
    const std::unique_ptr<Strategy> strategy = make_strategy(spec.name, {});
    ASSERT_NE(strategy, nullptr) << spec.name;
    EXPECT_NO_THROW(StrategyBench{*strategy}) << spec.name << " resolves a feature it does not name";
  }
}

TEST(Registry, GivenParametersReachTheStrategy) {
  const auto strategy = make_strategy("sma_cross", {{"fast", integer(7)}, {"slow", integer(21)}});
  EXPECT_EQ(strategy->features(), (Texts{"sma_7", "sma_21"}));

  const auto momentum = make_strategy("momentum", {{"momentum_threshold", 0.01}, {"volume_threshold", 2.0}});
  StrategyBench bench(*momentum);
  const auto side = [&](double move, double volume_ratio) {
    return bench.show({.features = {{"momentum_10", move}, {"volume_ratio_20", volume_ratio}}}).side;
  };
  EXPECT_EQ(side(1.1, 2), SignalSide::buy);
  EXPECT_EQ(side(0.9, 2), SignalSide::hold);
  EXPECT_EQ(side(1.1, 1.9), SignalSide::hold);
}

TEST(Registry, ResolvingTwiceIsResolvingOnce) {
  for (const StrategySpec& spec : strategy_specs()) {
    const StrategyParams once = resolve_params(spec.name, {});
    EXPECT_EQ(resolve_params(spec.name, once), once) << spec.name;
  }
}

TEST(Registry, AnUnknownStrategyNamesTheNearest) {
  EXPECT_EQ(
      message("momentun", {}),
      "strategy.name: got \"momentun\", expected one of breakout, buy_and_hold, ensemble, mean_reversion, "
      "momentum, sma_cross (did you mean momentum?)");
}

TEST(Registry, AnUnknownParameterNamesTheNearest) {
  EXPECT_EQ(message("sma_cross", {{"fasst", integer(5)}}),
            "strategy.fasst: sma_cross has no such parameter (did you mean fast?); it has fast, slow, short");
  EXPECT_EQ(message("buy_and_hold", {{"x", 1.0}}),
            "strategy.x: buy_and_hold has no such parameter; it has none");
  EXPECT_THAT(message("momentum", {{"momentum.volume_threshold", 1.0}}), HasSubstr("no such parameter"))
      << "nested keys belong to ensembles";
}

TEST(Registry, OutOfRangeNamesPlaceValueAndRange) {
  EXPECT_EQ(message("sma_cross", {{"fast", integer(0)}}),
            "strategy.fast: got 0, expected an integer from 1 to 100000");
  EXPECT_THAT(message("momentum", {{"ml_threshold", 0.49}}), HasSubstr("strategy.ml_threshold: got 0.49"));
  EXPECT_THAT(message("momentum", {{"ml_threshold", std::string("high")}}), HasSubstr("expected a number"));
}

TEST(Registry, ParametersAtOddsAreRefused) {
  EXPECT_EQ(message("sma_cross", {{"fast", integer(20)}, {"slow", integer(20)}}),
            "strategy.fast: got 20, expected less than slow = 20");
  EXPECT_EQ(message("sma_cross", {{"fast", integer(1)}, {"slow", integer(2)}}), "accepted");
  EXPECT_EQ(message("mean_reversion", {{"oversold", 80.0}}),
            "strategy.oversold: got 80.0, expected less than overbought = 70.0");
}

TEST(Registry, AStrategySaysWhetherItSellsShort) {
  EXPECT_EQ(short_of(resolve_params("sma_cross", {})), false);
  EXPECT_EQ(short_of(resolve_params("sma_cross", {{"short", true}})), true);
  EXPECT_EQ(short_of(resolve_params("momentum", {})), std::nullopt);
}

TEST(RegistryEnsemble, ResolvesItsMembersParametersBesideItsOwn) {
  const StrategyParams resolved = resolve_params("ensemble", {{"members", Texts{"momentum", "sma_cross"}},
                                                              {"weights", Reals{2, 1}},
                                                              {"mode", std::string("weighted")},
                                                              {"momentum.volume_threshold", 1.5}});
  EXPECT_EQ(resolved, (StrategyParams{{"members", Texts{"momentum", "sma_cross"}},
                                      {"weights", Reals{2, 1}},
                                      {"mode", std::string("weighted")},
                                      {"min_confidence", 0.5},
                                      {"momentum.ml_threshold", 0.55},
                                      {"momentum.momentum_threshold", 0.0005},
                                      {"momentum.volume_threshold", 1.5},
                                      {"sma_cross.fast", integer(10)},
                                      {"sma_cross.slow", integer(20)},
                                      {"sma_cross.short", false}}));
  EXPECT_EQ(resolve_params("ensemble", resolved), resolved);
}

TEST(RegistryEnsemble, MembersGetTheirParametersAndWeights) {
  // Momentum sells on its own with 0.6; weight 3 of 4 makes that 0.45, beyond 0.5 / 2.
  const auto make = [](double volume_threshold) {
    return make_strategy("ensemble", {{"members", Texts{"momentum", "sma_cross"}},
                                      {"weights", Reals{3, 1}},
                                      {"mode", std::string("weighted")},
                                      {"momentum.volume_threshold", volume_threshold}});
  };
  const ShownBar bar{
      .features = {{"momentum_10", -1}, {"volume_ratio_20", 1.3}, {"sma_10", 1}, {"sma_20", 2}}};
  const auto eager = make(1.3);
  expect_signal(StrategyBench(*eager).show(bar), {SignalSide::sell, 0.45});
  const auto reluctant = make(1.4);
  expect_signal(StrategyBench(*reluctant).show(bar), {});
}

TEST(RegistryEnsemble, ModesByNameAreTheModes) {
  // Two members, of which one buys with 0.6: not a majority, unanimous among those that speak.
  const ShownBar bar{
      .features = {{"momentum_10", 1}, {"volume_ratio_20", 1.3}, {"sma_10", 1}, {"sma_20", 2}}};
  const auto shown = [&](const char* mode) {
    const auto strategy =
        make_strategy("ensemble", {{"members", Texts{"momentum", "sma_cross"}}, {"mode", std::string(mode)}});
    return StrategyBench(*strategy).show(bar);
  };
  expect_signal(shown("majority"), {});
  expect_signal(shown("unanimous"), {SignalSide::buy, 0.6});
  expect_signal(shown("weighted"), {SignalSide::buy, 0.3});
}

TEST(RegistryEnsemble, ErrorsNameTheMembersKey) {
  const Texts momentum = {"momentum"};
  EXPECT_THAT(message("ensemble", {{"members", momentum}, {"momentum.ml_threshold", 2.0}}),
              HasSubstr("strategy.momentum.ml_threshold: got 2.0"));
  EXPECT_THAT(message("ensemble", {{"members", momentum}, {"momentum.ml_treshold", 0.6}}),
              HasSubstr("strategy.momentum.ml_treshold: momentum has no such parameter (did you mean "
                        "ml_threshold?)"));
  EXPECT_THAT(message("ensemble", {{"members", momentum}, {"breakout.threshold", 0.1}}),
              HasSubstr("strategy.breakout.threshold: ensemble has no such parameter"))
      << "breakout is not a member";
  EXPECT_THAT(message("ensemble", {{"members", Texts{"sma_cross"}}, {"sma_cross.fast", integer(30)}}),
              HasSubstr("strategy.sma_cross.fast: got 30, expected less than slow = 20"));
}

TEST(RegistryEnsemble, MembersAndWeightsHaveToFit) {
  EXPECT_THAT(message("ensemble", {{"members", Texts{}}}), HasSubstr("at least one strategy"));
  EXPECT_THAT(message("ensemble", {{"members", Texts{"momentum", "momentum"}}}), HasSubstr("each once"));
  EXPECT_THAT(message("ensemble", {{"members", Texts{"momentun"}}}), HasSubstr("(did you mean momentum?)"));
  EXPECT_THAT(message("ensemble", {{"members", Texts{"ensemble"}}}), HasSubstr("strategy.members"))
      << "an ensemble of ensembles";
  EXPECT_THAT(message("ensemble", {{"weights", Reals{1}}}),
              HasSubstr("one weight for each of the 3 members"));
  EXPECT_THAT(message("ensemble", {{"weights", Reals{0, 0, 0}}}), HasSubstr("a sum above 0"));
  EXPECT_THAT(message("ensemble", {{"weights", Reals{1, -1}}}), HasSubstr("strategy.weights: got [1, -1]"));
}

}  // namespace
}  // namespace hftsim
