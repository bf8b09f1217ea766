#include "strategies/strategy_params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

using testing::HasSubstr;
using Texts = std::vector<std::string>;
using Reals = std::vector<double>;

const ParamSpec kReal{"threshold", 0.5, 0, 1, {}, ""};
const ParamSpec kInteger{"fast", std::int64_t{10}, 1, 100'000, {}, ""};
const ParamSpec kBoolean{"short", false, 0, 0, {}, ""};
const ParamSpec kText{"mode", std::string("majority"), 0, 0, {"majority", "weighted"}, ""};
const ParamSpec kTexts{"members", Texts{}, 0, 0, {"momentum", "breakout"}, ""};
const ParamSpec kReals{"weights", Reals{}, 0, 10, {}, ""};

std::string message(const ParamSpec& spec, const ParamValue& value) {
  try {
    checked_value(spec, value, "strategy." + spec.name);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "accepted";
}

TEST(StrategyParams, ValuesInRangeAreTakenAsTheyAre) {
  EXPECT_EQ(checked_value(kReal, 1.0, ""), ParamValue(1.0));
  EXPECT_EQ(checked_value(kInteger, std::int64_t{1}, ""), ParamValue(std::int64_t{1}));
  EXPECT_EQ(checked_value(kInteger, std::int64_t{100'000}, ""), ParamValue(std::int64_t{100'000}));
  EXPECT_EQ(checked_value(kBoolean, true, ""), ParamValue(true));
  EXPECT_EQ(checked_value(kText, std::string("weighted"), ""), ParamValue(std::string("weighted")));
  EXPECT_EQ(checked_value(kTexts, Texts{"breakout"}, ""), ParamValue(Texts{"breakout"}));
  EXPECT_EQ(checked_value(kReals, Reals{0, 10}, ""), ParamValue(Reals{0, 10}));
}

TEST(StrategyParams, AnIntegerServesAsAReal) {
  EXPECT_EQ(checked_value(kReal, std::int64_t{1}, ""), ParamValue(1.0));
  EXPECT_THAT(message(kReal, std::int64_t{2}), HasSubstr("got 2, expected a number from 0 to 1"));
}

TEST(StrategyParams, AnEmptyListFitsAnyList) {
  EXPECT_EQ(checked_value(kReals, Texts{}, ""), ParamValue(Reals{}));
  EXPECT_EQ(checked_value(kTexts, Reals{}, ""), ParamValue(Texts{}));
}

TEST(StrategyParams, OutOfRangeNamesPlaceValueAndRange) {
  EXPECT_EQ(message(kInteger, std::int64_t{0}), "strategy.fast: got 0, expected an integer from 1 to 100000");
  EXPECT_EQ(message(kReal, -0.25), "strategy.threshold: got -0.25, expected a number from 0 to 1");
  EXPECT_THAT(message(kReal, std::nan("")), HasSubstr("got nan"));
  EXPECT_THAT(message(kReals, Reals{1, 11}),
              HasSubstr("got [1, 11], expected a list of numbers from 0 to 10"));
}

TEST(StrategyParams, AnotherTypeIsRefused) {
  EXPECT_THAT(message(kInteger, 10.0), HasSubstr("got 10.0, expected an integer"));
  EXPECT_THAT(message(kInteger, std::string("10")), HasSubstr("got \"10\", expected an integer"));
  EXPECT_THAT(message(kBoolean, std::int64_t{1}), HasSubstr("got 1, expected true or false"));
  EXPECT_THAT(message(kReal, true), HasSubstr("got true, expected a number"));
  EXPECT_THAT(message(kTexts, std::string("momentum")),
              HasSubstr("expected a list out of momentum, breakout"));
  EXPECT_THAT(message(kReals, Texts{"1"}), HasSubstr("got [\"1\"], expected a list of numbers"));
}

TEST(StrategyParams, AWrongChoiceNamesTheNearest) {
  EXPECT_EQ(message(kText, std::string("majorty")),
            "strategy.mode: got \"majorty\", expected one of majority, weighted (did you mean majority?)");
  EXPECT_THAT(message(kTexts, Texts{"momentum", "brakeout"}), HasSubstr("(did you mean breakout?)"));
}

TEST(StrategyParams, TextIsWhatTomlReadsBackInTheSameType) {
  EXPECT_EQ(to_text(0.0005), "0.0005");
  EXPECT_EQ(to_text(2.0), "2.0");
  EXPECT_EQ(to_text(std::int64_t{2}), "2");
  EXPECT_EQ(to_text(false), "false");
  EXPECT_EQ(to_text(std::string("a")), "\"a\"");
  EXPECT_EQ(to_text(Texts{"a", "b"}), "[\"a\", \"b\"]");
  EXPECT_EQ(to_text(Reals{}), "[]");
}

struct Numbers {
  double real = 0.5;
  std::int64_t integer = 3;
  bool boolean = true;
};

TEST(StrategyParams, FieldsGiveTheStructsDefaultsAndFillIt) {
  const std::vector<ParamField<Numbers>> fields = {{&Numbers::real, "real", 0, 1, "a real"},
                                                   {&Numbers::integer, "integer", 1, 9, "an integer"},
                                                   {&Numbers::boolean, "boolean", 0, 0, "a boolean"}};
  const std::vector<ParamSpec> specs = specs_of(fields);
  ASSERT_EQ(specs.size(), 3U);
  EXPECT_EQ(specs[0].default_value, ParamValue(0.5));
  EXPECT_EQ(specs[1].type(), ParamType::integer);
  EXPECT_EQ(specs[1].max, 9);
  EXPECT_EQ(specs[2].help, "a boolean");

  const Numbers read =
      read_params(fields, {{"real", 0.25}, {"integer", std::int64_t{7}}, {"boolean", false}});
  EXPECT_EQ(read.real, 0.25);
  EXPECT_EQ(read.integer, 7);
  EXPECT_FALSE(read.boolean);
}

TEST(StrategyParams, EveryTypeHasAName) {
  EXPECT_EQ(name_of(ParamType::real), "real");
  EXPECT_EQ(name_of(ParamType::real_list), "list of reals");
}

}  // namespace
}  // namespace hftsim
