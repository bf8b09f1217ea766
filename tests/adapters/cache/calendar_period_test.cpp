#include "adapters/cache/calendar_period.h"

#include <gtest/gtest.h>

#include "adapters/bar_time.h"

namespace hftsim {
namespace {

TEST(CalendarPeriod, GrowsWithTheInterval) {
  EXPECT_EQ(period_of(Duration(0)), CalendarPeriod::day);
  EXPECT_EQ(period_of(kSecond), CalendarPeriod::day);
  EXPECT_EQ(period_of(kMinute), CalendarPeriod::month);
  EXPECT_EQ(period_of(30 * kMinute), CalendarPeriod::month);
  EXPECT_EQ(period_of(60 * kMinute), CalendarPeriod::year);
  EXPECT_EQ(period_of(kDay), CalendarPeriod::all);
  EXPECT_EQ(period_of(7 * kDay), CalendarPeriod::all);
}

TEST(CalendarPeriod, HasFirstAndLastInstantInIt) {
  const auto check = [](CalendarPeriod period, const char* time, const char* name, const char* from,
                        const char* to) {
    const std::int64_t ns = parse_time(time);
    EXPECT_EQ(name_at(period, ns), name);
    EXPECT_EQ(range_at(period, ns), (TimeRange{parse_time(from), parse_time(to)})) << time;
    EXPECT_EQ(range_of_name(period, name), range_at(period, ns));
    EXPECT_EQ(name_at(period, parse_time(from)), name);
    EXPECT_EQ(name_at(period, parse_time(to) - 1), name);
    EXPECT_NE(name_at(period, parse_time(to)), name);
  };
  check(CalendarPeriod::day, "2024-02-29T12:00", "2024-02-29", "2024-02-29", "2024-03-01");
  check(CalendarPeriod::month, "2023-12-31T23:59", "2023-12", "2023-12-01", "2024-01-01");
  check(CalendarPeriod::year, "2024-06-01", "2024", "2024-01-01", "2025-01-01");
  check(CalendarPeriod::month, "1969-12-31T23:59:59.999999999Z", "1969-12", "1969-12-01", "1970-01-01");
}

TEST(CalendarPeriod, IsToldFromNoOtherName) {
  for (const char* name :
       {"", "2024", "2024-1", "2024-13", "2024-00", "2024-01-01", "2024-01 ", "x024-01", "all"}) {
    EXPECT_FALSE(range_of_name(CalendarPeriod::month, name)) << name;
  }
  EXPECT_FALSE(range_of_name(CalendarPeriod::day, "2023-02-29"));
  EXPECT_TRUE(range_of_name(CalendarPeriod::all, "all"));
}

}  // namespace
}  // namespace hftsim
