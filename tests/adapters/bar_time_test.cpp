#include "adapters/bar_time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/core/clock.h"

namespace hftsim {
namespace {

constexpr std::int64_t kNoon = 1'679'659'200'000'000'000;  // 2023-03-24 12:00:00 UTC

TEST(BarTime, TellsTheEpochsUnitByItsMagnitude) {
  EXPECT_EQ(epoch_to_ns(1'679'659'200), kNoon);
  EXPECT_EQ(epoch_to_ns(1'679'659'200'000), kNoon);
  EXPECT_EQ(epoch_to_ns(1'679'659'200'000'000), kNoon);
  EXPECT_EQ(epoch_to_ns(kNoon), kNoon);
  EXPECT_EQ(epoch_to_ns(-86'400), -kDay.value);
  EXPECT_EQ(epoch_to_ns(0), 0);
}

TEST(BarTime, ReadsIsoTextWithAndWithoutClockAndZone) {
  EXPECT_EQ(parse_time("2023-03-24"), kNoon - 12 * 60 * kMinute.value);
  for (const char* text :
       {"2023-03-24 12:00", "2023-03-24T12:00:00", "2023-03-24 12:00:00Z", "2023-03-24T14:00:00+02:00",
        "2023-03-24 08:00-0400", "2023/03/24 12:00:00.000", " 2023-03-24 12:00:00+00:00 ", "1679659200"}) {
    EXPECT_EQ(parse_time(text), kNoon) << text;
  }
  EXPECT_EQ(parse_time("2023-03-24 12:00:00.5"), kNoon + 500'000'000);
  EXPECT_EQ(parse_time("2023-03-24 12:00:00.123456789"), kNoon + 123'456'789);
}

TEST(BarTime, TakesAFractionOfAnEpochThatIsWholeNanoseconds) {
  for (const char* text : {"1679659200.0", "1679659200.", "1679659200000.000", "1679659200000000000.0"}) {
    EXPECT_EQ(parse_time(text), kNoon) << text;
  }
  EXPECT_EQ(parse_time("1679659200.000000001"), kNoon + 1);
  EXPECT_EQ(parse_time("1679659200000.25"), kNoon + 250'000);
  EXPECT_EQ(parse_time("-0.5"), -500'000'000);
  for (const char* text :
       {"1679659200.0000000001", "1679659200000.0000001", "1679659200000000000.5", "1.5x", "1.-5"}) {
    EXPECT_EQ(parse_time(text), kNoTime) << text;
  }
  EXPECT_EQ(real_epoch_to_ns(1679659200.0), kNoon);
  EXPECT_EQ(real_epoch_to_ns(1679659200.5), kNoon + 500'000'000);
  EXPECT_EQ(real_epoch_to_ns(1679659200000.5), kNoon + 500'000);
  EXPECT_EQ(real_epoch_to_ns(-0.5), -500'000'000);
  for (const double epoch : {1679659200.1, 1e30, -1e19, std::nan("")})
    EXPECT_EQ(real_epoch_to_ns(epoch), kNoTime);
}

TEST(BarTime, RefusesAZoneThatIsNone) {
  EXPECT_EQ(parse_time("2023-03-25 02:00+14:00"), kNoon);
  EXPECT_EQ(parse_time("2023-03-23 22:00-14:00"), kNoon);
  for (const char* zone : {"+99:99", "+14:01", "-15:00", "+02:60"}) {
    EXPECT_EQ(parse_time("2023-03-24 12:00" + std::string(zone)), kNoTime) << zone;
  }
}

TEST(BarTime, TellsDatesAndSpreadsheetDaysFromSeconds) {
  const auto days_of = [](std::vector<std::int64_t> numbers) {
    return numbered_days(numbers);
  };
  EXPECT_EQ(days_of({20240131, 20240201}), NumberedDays::calendar);
  EXPECT_EQ(days_of({20240131, 20240191}), NumberedDays::none);  // a minute later
  EXPECT_EQ(days_of({45292, 45293}), NumberedDays::serial);
  EXPECT_EQ(days_of({59'940, 60'000, 60'060}), NumberedDays::none);
  EXPECT_EQ(days_of({0, 60}), NumberedDays::none);
  EXPECT_EQ(days_of({}), NumberedDays::none);
  EXPECT_EQ(calendar_date_to_ns(20230324), kNoon - 12 * 60 * kMinute.value);
  for (const std::int64_t number : {20230229, 20231301, 20230100, 2023032, -20230324}) {
    EXPECT_EQ(calendar_date_to_ns(number), kNoTime) << number;
  }
  EXPECT_EQ(parse_decimal(" 20240101.0")->whole, 20240101);
  EXPECT_FALSE(parse_decimal(" 20240101.0")->has_fraction);
  EXPECT_FALSE(parse_decimal("2024-01-01"));
  EXPECT_TRUE(parse_decimal("1.5")->has_fraction);
}

TEST(BarTime, RefusesWhatIsNoTime) {
  for (const char* text : {"", "noon", "2023-02-30", "2023-13-01", "2023-03-24 25:00", "2023-03-24 12:61",
                           "2023-03-24x", "2023-03-24 12", "1.5e9", "12:00"}) {
    EXPECT_EQ(parse_time(text), kNoTime) << text;
  }
}

TEST(BarTime, ReadsIntervalsAndWritesThemBack) {
  for (const char* text : {"1s", "5s", "1m", "15m", "1h", "4h", "1d", "1w"}) {
    ASSERT_TRUE(parse_interval(text)) << text;
    EXPECT_EQ(format_interval(*parse_interval(text)), text);
  }
  EXPECT_EQ(*parse_interval("60"), kMinute);
  EXPECT_EQ(format_interval(Duration(1'500'000'000)), "1500000000ns");
  for (const char* text : {"", "m", "0m", "-1m", "1x", "1 minute", "1e9h", "99999999w"}) {
    EXPECT_FALSE(parse_interval(text)) << text;
  }
}

}  // namespace
}  // namespace hftsim
