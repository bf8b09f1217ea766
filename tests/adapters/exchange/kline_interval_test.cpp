#include "adapters/exchange/kline_interval.h"

#include <gtest/gtest.h>

namespace hftsim::exchange {
namespace {

constexpr std::int64_t kDay_ns = kDay.value;
constexpr std::int64_t k2024_01_01 = 19'723 * kDay_ns;  // a Monday
constexpr std::int64_t k2024_02_01 = 19'754 * kDay_ns;
constexpr std::int64_t k2024_03_01 = 19'783 * kDay_ns;  // 2024 is a leap year

const KlineInterval& interval(std::string_view name) {
  return *find_kline_interval(name);
}

TEST(KlineInterval, MinutesBeginAtMultiplesOfTheirLength) {
  EXPECT_EQ(interval("15m").open_of(k2024_01_01 + 44 * kMinute.value), k2024_01_01 + 30 * kMinute.value);
  EXPECT_EQ(interval("15m").end_of(k2024_01_01), k2024_01_01 + 15 * kMinute.value);
  EXPECT_EQ(interval("1h").open_of(k2024_01_01), k2024_01_01);
}

TEST(KlineInterval, WeeksBeginOnMonday) {
  for (int day = 0; day < 7; ++day) {
    EXPECT_EQ(interval("1w").open_of(k2024_01_01 + day * kDay_ns), k2024_01_01) << day;
  }
  EXPECT_EQ(interval("1w").open_of(k2024_01_01 - 1), k2024_01_01 - 7 * kDay_ns);
}

TEST(KlineInterval, MonthsAreTheCalendars) {
  EXPECT_EQ(interval("1M").open_of(k2024_03_01 - 1), k2024_02_01);
  EXPECT_EQ(interval("1M").end_of(k2024_02_01), k2024_03_01);
}

TEST(KlineInterval, BeforeTheEpochRoundsDown) {
  EXPECT_EQ(interval("1d").open_of(-1), -kDay_ns);
  EXPECT_EQ(interval("1M").open_of(-1), -31 * kDay_ns);
}

TEST(KlineInterval, IsMadeOfBarsThatFit) {
  EXPECT_TRUE(interval("5m").is_made_of(kMinute));
  EXPECT_TRUE(interval("1M").is_made_of(kMinute));
  EXPECT_FALSE(interval("1s").is_made_of(kMinute));
  EXPECT_FALSE(interval("5m").is_made_of(3 * kMinute));
}

TEST(KlineInterval, UnknownNamesAreNone) {
  EXPECT_EQ(find_kline_interval("2m"), nullptr);
  EXPECT_EQ(find_kline_interval(""), nullptr);
  EXPECT_EQ(find_kline_interval("1D"), nullptr);
}

}  // namespace
}  // namespace hftsim::exchange
