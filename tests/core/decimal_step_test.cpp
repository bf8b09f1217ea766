#include "engine/core/decimal_step.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

constexpr DecimalStep kCent{1, 2}, kTenth{1, 1}, kNickel{5, 2}, kWhole{1, 0};

TEST(DecimalStep, TextBecomesStepsExactly) {
  EXPECT_EQ(parse_steps("61800.30", kCent), 6180030);
  EXPECT_EQ(parse_steps("61800.30", kTenth), 618003);
  EXPECT_EQ(parse_steps("61837.63000000", kCent), 6183763);
  EXPECT_EQ(parse_steps("1.15", kNickel), 23);
  EXPECT_EQ(parse_steps("42", kCent), 4200);
  EXPECT_EQ(parse_steps("0.00", kCent), 0);
  EXPECT_EQ(parse_steps("-0.05", kCent), -5);
}

TEST(DecimalStep, RefusesWhatIsNoDecimal) {
  for (const char* text : {"", ".", "-", "1e3", "1.2.3", "+1", " 1", "1 ", "0x1", "nan", "1,5", "--1"}) {
    EXPECT_EQ(parse_steps(text, kCent), std::nullopt) << text;
  }
}

TEST(DecimalStep, RefusesWhatLiesBetweenTwoSteps) {
  EXPECT_EQ(parse_steps("61800.35", kTenth), std::nullopt);
  EXPECT_EQ(parse_steps("1.16", kNickel), std::nullopt);
  EXPECT_EQ(parse_steps("0.5", kWhole), std::nullopt);
}

TEST(DecimalStep, RefusesWhat64BitsDoNotHold) {
  EXPECT_EQ(parse_steps("9223372036854775807", kWhole), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_steps("9223372036854775808", kWhole), std::nullopt);
  EXPECT_EQ(parse_steps("92233720368547758.08", kCent), std::nullopt);
  EXPECT_EQ(parse_steps("100000000000", DecimalStep{1, 18}), std::nullopt);
  EXPECT_EQ(parse_steps("0", DecimalStep{1, 18}), 0);
}

TEST(DecimalStep, TheDoubleIsTheNearest) {
  EXPECT_EQ(kCent.value(6180030), 61800.30);
  EXPECT_EQ(kCent.value(-5), -0.05);
  EXPECT_EQ(kNickel.value(23), 1.15);
  EXPECT_EQ((DecimalStep{1, 8}.value(6183763000000)), 61837.63);
}

TEST(DecimalStep, FormatIsTheInverse) {
  EXPECT_EQ(format_steps(6180030, kCent), "61800.30");
  EXPECT_EQ(format_steps(-5, kCent), "-0.05");
  EXPECT_EQ(format_steps(0, kCent), "0.00");
  EXPECT_EQ(format_steps(7, kWhole), "7");
  EXPECT_EQ(format_steps(23, kNickel), "1.15");
  EXPECT_EQ(format_steps(std::numeric_limits<std::int64_t>::min(), kCent), "-92233720368547758.08");
}

TEST(DecimalStep, EveryNumberSurvivesTextAndBack) {
  RandomStream random(1, "decimal-step-test");
  for (int i = 0; i < 20'000; ++i) {
    const DecimalStep step{1 + static_cast<std::int64_t>(random.below(500)),
                           static_cast<int>(random.below(9))};
    const std::int64_t n = static_cast<std::int64_t>(random.next() >> (12 + random.below(40)));
    EXPECT_EQ(parse_steps(format_steps(n, step), step), n);
    EXPECT_EQ(parse_steps(format_steps(-n, step), step), -n);
  }
}

TEST(DecimalStep, CountsDecimals) {
  EXPECT_EQ(decimals_of("61800.30"), 2);
  EXPECT_EQ(decimals_of("42"), 0);
  EXPECT_EQ(decimals_of("42."), 0);
}

}  // namespace
}  // namespace hftsim
