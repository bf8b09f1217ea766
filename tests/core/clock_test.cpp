#include "engine/core/clock.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

TEST(SimulationClock, BeginsBeforeEveryEvent) {
  EXPECT_EQ(SimulationClock{}.now(), Timestamp(INT64_MIN));
}

TEST(SimulationClock, NeverStepsBack) {
  SimulationClock clock;
  clock.advance_to(Timestamp(-5));
  EXPECT_EQ(clock.now(), Timestamp(-5));
  clock.advance_to(Timestamp(100));
  clock.advance_to(Timestamp(40));
  EXPECT_EQ(clock.now(), Timestamp(100));
}

TEST(Clock, MonotonicNeverStepsBack) {
  std::int64_t last = monotonic_ns();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = monotonic_ns();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(Clock, WallClockIsNanosecondsSince1970) {
  EXPECT_GT(wall_clock_now(), Timestamp(1'600'000'000'000'000'000));  // 2020-09-13
  EXPECT_LT(wall_clock_now(), Timestamp(7'000'000'000'000'000'000));  // 2191-10-28
}

TEST(FormatUtc, ShowsSecondsAndTheFractionWhereThereIsOne) {
  EXPECT_EQ(format_utc(Timestamp(0)), "1970-01-01 00:00:00");
  EXPECT_EQ(format_utc(Timestamp(1'767'331'800'000'000'000)), "2026-01-02 05:30:00");
  EXPECT_EQ(format_utc(Timestamp(1'767'331'800'500'000'000)), "2026-01-02 05:30:00.5");
  EXPECT_EQ(format_utc(Timestamp(1'767'331'800'000'000'001)), "2026-01-02 05:30:00.000000001");
  EXPECT_EQ(format_utc(Timestamp(1'709'251'199'000'000'000)), "2024-02-29 23:59:59");
}

TEST(FormatUtc, CountsBackwardsBefore1970) {
  EXPECT_EQ(format_utc(Timestamp(-1)), "1969-12-31 23:59:59.999999999");
  EXPECT_EQ(format_utc(Timestamp(0) - kDay), "1969-12-31 00:00:00");
}

}  // namespace
}  // namespace hftsim
