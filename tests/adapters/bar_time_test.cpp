#include "adapters/bar_time.h"

#include <gtest/gtest.h>

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
