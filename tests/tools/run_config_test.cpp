// The config: every key round-trips, and what is wrong is refused with its place, value and expectation.
#include "tools/run_config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "engine/core/errors.h"
#include "strategies/registry.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {
namespace {

class RunConfigFiles : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) const {
    const auto path = folder_.path() / "run.toml";
    std::ofstream(path) << text;
    return path;
  }
  RunConfig read(const std::string& text) const {
    RunConfig config;
    read_config_file(config, write(text));
    return config;
  }
  // The message of the refusal, without the folder.
  template <class Action>
  std::string refusal(const Action& action) const {
    try {
      action();
    } catch (const BadInput& error) {
      std::string message = error.what();
      const std::string folder = folder_.path().string() + "/";
      if (const auto at = message.find(folder); at != std::string::npos) message.erase(at, folder.size());
      return message;
    }
    ADD_FAILURE() << "no BadInput";
    return "";
  }
  std::string refusal_of(const std::string& text) const {
    return refusal([&] { read(text); });
  }
  std::string refusal_of_setting(const std::string& setting) const {
    return refusal([&] {
      RunConfig config;
      apply_setting(config, setting);
      resolve(config);
    });
  }

  TemporaryFolder folder_;
};

#define EXPECT_SAYS(message, ...)                                    \
  for (const char* part : {__VA_ARGS__}) {                           \
    EXPECT_NE((message).find(part), std::string::npos) << (message); \
  }

// A value of the key's type that is not its default.
ParamValue other_value(const ParamSpec& spec) {
  switch (spec.type()) {
    case ParamType::real: {
      const double value = std::get<double>(spec.default_value);
      const double low = std::max(spec.min, 0.0), high = std::min(spec.max, 1e6);
      const double middle = low + (high - low) / 3;
      return middle == value ? high : middle;
    }
    case ParamType::integer:
      return std::get<std::int64_t>(spec.default_value) + 1;
    case ParamType::boolean:
      return !std::get<bool>(spec.default_value);
    case ParamType::text:
      if (spec.choices.empty()) return std::string("a \"quoted\" \\ text");
      return spec.choices[0] == std::get<std::string>(spec.default_value) ? spec.choices[1] : spec.choices[0];
    case ParamType::text_list:
      return std::vector<std::string>{"one.csv", "with, comma", "b\\\"c"};
    case ParamType::real_list:
      return std::vector<double>{3, 7.5, 20};
  }
  return {};
}

TEST_F(RunConfigFiles, EveryKeyRoundTrips) {
  RunConfig changed;
  for (const ConfigKey& key : config_keys()) {
    const ParamValue value = other_value(key.spec);
    ASSERT_NE(value, key.spec.default_value) << key.spec.name;
    key.set(changed, checked_value(key.spec, value, key.spec.name));
  }
  const std::string text = to_toml(changed);
  const RunConfig back = read(text);
  for (const ConfigKey& key : config_keys()) EXPECT_EQ(key.get(back), key.get(changed)) << key.spec.name;
  EXPECT_EQ(to_toml(back), text);
}

TEST_F(RunConfigFiles, TheDefaultsRoundTripResolvedForEveryStrategy) {
  for (const StrategySpec& strategy : strategy_specs()) {
    RunConfig config;
    config.strategy.name = strategy.name;
    resolve(config);
    const std::string text = to_toml(config);
    RunConfig back = read(text);
    EXPECT_EQ(back.strategy.params, config.strategy.params) << text;
    resolve(back);
    EXPECT_EQ(to_toml(back), text);
  }
}

TEST_F(RunConfigFiles, NumbersRoundTripToTheLastBit) {
  RunConfig config;
  for (const double value : {0.1, 1.0 / 3, 1e-300, 0.30000000000000004, 5e-324}) {
    config.account.lot_size = value;
    EXPECT_EQ(read(to_toml(config)).account.lot_size, value);
  }
  config.run.seed = 9'007'199'254'740'993;  // 2^53 + 1
  EXPECT_EQ(read(to_toml(config)).run.seed, config.run.seed);
}

TEST_F(RunConfigFiles, LaterSettingsGoOverTheFile) {
  RunConfig config = read("[risk]\nmax_drawdown = 0.1\nstop_loss = 0.3\n");
  apply_setting(config, "risk.max_drawdown=0.2");
  apply_setting(config, "risk.max_drawdown=0.25");
  EXPECT_EQ(config.risk.max_drawdown, 0.25);
  EXPECT_EQ(config.risk.stop_loss, 0.3);
}

TEST_F(RunConfigFiles, ASettingMayLeaveQuotesAndBracketsOut) {
  RunConfig config;
  for (const char* windows : {"[3, 9]", "3,9"}) {
    apply_setting(config, std::string("features.windows=") + windows);
    EXPECT_EQ(config.features.windows, (std::vector<double>{3, 9}));
  }
  apply_setting(config, "features.windows=14");
  EXPECT_EQ(config.features.windows, (std::vector<double>{14}));
  for (const char* paths : {"[\"a.csv\", \"dir/b.csv\"]", "a.csv,dir/b.csv"}) {
    apply_setting(config, std::string("data.path=") + paths);
    EXPECT_EQ(config.data.path, (std::vector<std::string>{"a.csv", "dir/b.csv"}));
  }
  apply_setting(config, "data.path=2024-01-01.csv");
  EXPECT_EQ(config.data.path, (std::vector<std::string>{"2024-01-01.csv"}));
  apply_setting(config, "execution.fill=\"close\"");
  EXPECT_EQ(config.execution.fill, "close");
  apply_setting(config, "account.allow_short=true");
  EXPECT_TRUE(config.account.allow_short);
  apply_setting(config, "account.initial_capital=1000");  // an integer where a number is wanted
  EXPECT_EQ(config.account.initial_capital, 1000);
}

TEST_F(RunConfigFiles, EmptyListsAreLists) {
  RunConfig config = read("[features]\nwindows = []\nlist = []\n");
  EXPECT_TRUE(config.features.windows.empty());
  EXPECT_TRUE(config.features.list.empty());
}

TEST_F(RunConfigFiles, NamesTheNearestKeySectionStrategyAndParameter) {
  EXPECT_SAYS(refusal_of("[risk]\nmax_drawdwn = 0.1\n"), "run.toml:2", "risk.max_drawdwn",
              "risk.max_drawdown");
  EXPECT_SAYS(refusal_of("[rsik]\nmax_drawdown = 0.1\n"), "run.toml:2", "rsik", "risk.max_drawdown");
  EXPECT_SAYS(refusal_of("block = 5\n"), "run.toml:1", "block", "run.block");
  EXPECT_SAYS(refusal_of_setting("acount.fee_rate=0"), "--set", "account.fee_rate");
  EXPECT_SAYS(refusal_of_setting("strategy.name=momentun"), "strategy.name", "momentun", "momentum");
  EXPECT_SAYS(refusal_of_setting("strategy.volume_treshold=1"), "volume_treshold", "volume_threshold");
}

TEST_F(RunConfigFiles, RefusesAWrongTypeWithFileAndLine) {
  EXPECT_SAYS(refusal_of("[risk]\n\nmax_drawdown = \"much\"\n"), "run.toml:3", "risk.max_drawdown", "much");
  EXPECT_SAYS(refusal_of("[run]\nblock = 2.5\n"), "run.toml:2", "run.block", "2.5", "integer");
  EXPECT_SAYS(refusal_of("[run]\nblock = true\n"), "run.toml:2", "run.block", "true");
  EXPECT_SAYS(refusal_of("[account]\nallow_short = 1\n"), "run.toml:2", "account.allow_short",
              "true or false");
  EXPECT_SAYS(refusal_of("[data]\npolicy = 5\n"), "run.toml:2", "data.policy", "5");
  EXPECT_SAYS(refusal_of("[features]\nwindows = [5, \"x\"]\n"), "run.toml:2", "features.windows");
  EXPECT_SAYS(refusal_of("[features]\nwindows = [[5]]\n"), "run.toml:2", "features.windows");
  EXPECT_SAYS(refusal_of("[run]\nblock = 2024-01-01\n"), "run.toml:2", "run.block", "2024-01-01");
  EXPECT_SAYS(refusal_of("risk = 5\n"), "run.toml:1", "risk");
  EXPECT_SAYS(refusal_of("[risk]\nstop_loss = 0.1\nstop_loss = 0.2\n"), "run.toml:3");
}

TEST_F(RunConfigFiles, RefusesValuesOutOfRangeAtBothEnds) {
  for (const ConfigKey& key : config_keys()) {
    const bool is_number = key.spec.type() == ParamType::real || key.spec.type() == ParamType::integer;
    if (!is_number) continue;
    for (const double bound : {key.spec.min, key.spec.max}) {
      const double beyond = bound == key.spec.min ? bound - 1 : bound * 2;
      if (std::abs(beyond) > 9e18) continue;  // no integer any more
      const std::string text = key.spec.type() == ParamType::integer
                                   ? std::to_string(static_cast<std::int64_t>(beyond))
                                   : std::to_string(beyond);
      EXPECT_SAYS(refusal_of_setting(key.spec.name + "=" + text), key.spec.name.c_str(), "expected");
    }
    if (key.spec.type() != ParamType::real) continue;
    for (const char* text : {"nan", "inf", "-inf"}) {
      EXPECT_SAYS(refusal_of_setting(key.spec.name + "=" + text), key.spec.name.c_str());
    }
  }
}

TEST_F(RunConfigFiles, RefusesSettingsThatAreNone) {
  for (const char* text : {"risk.max_drawdown", "=5", ""})
    EXPECT_SAYS(refusal_of_setting(text), "--set", "=value");
  EXPECT_SAYS(refusal_of_setting("risk.max_drawdown="), "risk.max_drawdown");
}

TEST_F(RunConfigFiles, RefusesWindowsThatAreNone) {
  for (const char* windows : {"0", "-1", "1e9", "2.5", "5,x", "[5, 0]", "nan", "[]"}) {
    EXPECT_SAYS(refusal_of_setting(std::string("features.windows=") + windows), "window");
  }
}

TEST_F(RunConfigFiles, RefusesFilesThatAreNoConfig) {
  RunConfig config;
  EXPECT_SAYS(refusal([&] { read_config_file(config, folder_.path()); }), "a directory");
  EXPECT_SAYS(refusal([&] { read_config_file(config, folder_.path() / "absent.toml"); }), "absent.toml",
              "no such");
  std::filesystem::create_symlink("loop.toml", folder_.path() / "loop.toml");
  EXPECT_SAYS(refusal([&] { read_config_file(config, folder_.path() / "loop.toml"); }),
              "loop.toml: cannot be opened", "symbolic links");
  EXPECT_SAYS(refusal_of("[risk\n"), "run.toml:1");
  EXPECT_SAYS(refusal_of("max_drawdown : 0.1\n"), "run.toml:1");
}

TEST_F(RunConfigFiles, RefusesWhatOnlyTogetherMakesNoSense) {
  RunConfig config;
  config.strategy.name = "sma_cross";
  config.strategy.params = {{"fast", std::int64_t{50}}, {"slow", std::int64_t{20}}};
  EXPECT_SAYS(refusal([&] { resolve(config); }), "strategy.", "50");
  EXPECT_SAYS(refusal_of_setting("account.max_position=0"), "account.max_position");
  EXPECT_SAYS(refusal_of_setting("data.path=[]"), "data.path");
  EXPECT_SAYS(refusal_of_setting("model.path=[\"a.pt\", \"\"]"), "model.path");
}

TEST_F(RunConfigFiles, AFeeThatIsNotGivenIsNotWritten) {
  RunConfig config;
  EXPECT_EQ(to_toml(config).find("maker_fee"), std::string::npos);
  apply_setting(config, "account.taker_fee=-0.0005");
  EXPECT_EQ(read(to_toml(config)).account.taker_fee, -0.0005);
  EXPECT_EQ(read(to_toml(config)).account.maker_fee, std::nullopt);
  EXPECT_SAYS(refusal_of_setting("account.maker_fee=-1"), "account.maker_fee", "left out");
}

TEST_F(RunConfigFiles, TextKeysTakeWhatTomlSaysIsANumber) {
  RunConfig config;
  apply_setting(config, "run.out=42");
  apply_setting(config, "data.interval=60");
  apply_setting(config, "data.path=2024");
  resolve(config);
  EXPECT_EQ(config.run.out, "42");
  EXPECT_EQ(config.data.interval, "60");
  EXPECT_EQ(config.data.path, (std::vector<std::string>{"2024"}));
}

TEST_F(RunConfigFiles, AStrategysListsMayLeaveQuotesAndBracketsOut) {
  RunConfig config;
  config.strategy.name = "ensemble";
  apply_setting(config, "strategy.members=momentum,breakout");
  apply_setting(config, "strategy.weights=1,2.5");
  resolve(config);
  EXPECT_EQ(config.strategy.params.at("members"),
            ParamValue(std::vector<std::string>{"momentum", "breakout"}));
  EXPECT_EQ(config.strategy.params.at("weights"), ParamValue(std::vector<double>{1, 2.5}));
}

TEST_F(RunConfigFiles, NamesTheLineOfWhatIsFoundWrongLate) {
  const auto late = [this](const std::string& text) {
    return refusal([&] {
      RunConfig config = read(text);
      resolve(config);
    });
  };
  EXPECT_SAYS(late("[strategy]\nname = \"momentun\"\n"), "run.toml:2: strategy.name", "momentum");
  EXPECT_SAYS(late("[strategy]\n\nmomentum_threshold = -1\n"), "run.toml:3: strategy.momentum_threshold");
  EXPECT_SAYS(late("[strategy]\nvolume_treshold = 1\n"), "run.toml:2: strategy.volume_treshold");
  EXPECT_SAYS(late("[features]\nwindows = [2.5]\n"), "run.toml:2: features.windows");
  EXPECT_SAYS(late("[data]\ninterval = \"1x\"\n"), "run.toml:2: data.interval");
  EXPECT_SAYS(late("[account]\nsizer = \"fixed_quantity\"\nquantity = 0\n"), "run.toml:3: account.quantity",
              "fixed_quantity");
}

TEST_F(RunConfigFiles, RefusesAnUnknownSectionWithoutAKey) {
  EXPECT_SAYS(refusal_of("[run]\n[acount]\n"), "run.toml:2", "acount", "account");
  read("[run]\n[strategy]\n[account]\n");
}

TEST_F(RunConfigFiles, EveryRangeIsTheOneThatHolds) {
  for (const char* key : {"account.position_size", "account.max_position"}) {
    EXPECT_SAYS(refusal_of_setting(std::string(key) + "=0"), "from 1e-09 to 100");
  }
  EXPECT_SAYS(refusal_of_setting("features.windows=0"), "from 1 to 100000");
  EXPECT_SAYS(refusal_of_setting("data.bars=1e10"), "data.bars");
}

TEST_F(RunConfigFiles, AStrategyThatShortsOpensTheAccountToShorts) {
  RunConfig config;
  config.strategy.name = "sma_cross";
  config.strategy.params["short"] = true;
  resolve(config);
  EXPECT_TRUE(config.account.allow_short);
}

}  // namespace
}  // namespace hftsim
