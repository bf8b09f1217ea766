#include "adapters/fetch/rest_market.h"

#include <gtest/gtest.h>

#include "adapters/bar_time.h"
#include "adapters/fetch/rest_session.h"
#include "engine/core/errors.h"

namespace hftsim::fetch {
namespace {

TEST(RestMarket, TakesTheIntervalsWithAGrid) {
  EXPECT_EQ(checked_kline_interval("1m", Market::spot, "x").value, kMinute.value);
  EXPECT_EQ(checked_kline_interval("1s", Market::spot, "x").value, kSecond.value);
  EXPECT_THROW(checked_kline_interval("1s", Market::usdm, "x"), BadInput);
  for (const char* text : {"", "60", "60s", "2m", "1M", "3d", "1m ", "../1m", "-1m"}) {
    EXPECT_THROW(checked_kline_interval(text, Market::spot, "x"), BadInput) << text;
  }
}

TEST(RestMarket, BeginsWeeksOnMondays) {
  const std::int64_t thursday = parse_time("2024-08-08T12:00"), monday = parse_time("2024-08-05");
  EXPECT_EQ(grid_floor(thursday, 7 * kDay), monday);
  EXPECT_EQ(grid_ceil(thursday, 7 * kDay), monday + 7 * kDay.value);
  EXPECT_EQ(grid_ceil(monday, 7 * kDay), monday);
  EXPECT_EQ(grid_floor(-1, kMinute), -kMinute.value);
}

TEST(RestMarket, TakesNoSymbolThatIsAPathOrAQuery) {
  EXPECT_EQ(checked_symbol("btcusdt", "x"), "BTCUSDT");
  EXPECT_EQ(checked_symbol("BTCUSDT_240628", "x"), "BTCUSDT_240628");
  for (const char* text :
       {"", "..", "../../etc/passwd", "A/B", "A\\B", "A=B", "A&limit=1", "A?B", "A%2e", "A B", "A.B", "A\nB",
        "A\x1b[2J", "\xc3\x84", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_THROW(checked_symbol(text, "x"), BadInput) << text;
  }
}

}  // namespace
}  // namespace hftsim::fetch
