#include "replay/order_flow.h"

#include <gtest/gtest.h>

#include <numeric>

namespace hftsim {
namespace {

constexpr std::int64_t kOpenNs = 1'700'000'000'000'000'000;

BarTicks bar_of(std::int64_t trades, std::int64_t lots) {
  return {.open = 100, .high = 103, .low = 99, .close = 101, .lots = lots, .trades = trades};
}

void expect_exact(OrderFlow& flow, const BarTicks& bar, std::int64_t interval_ns) {
  flow.start(bar, kOpenNs, interval_ns);
  EXPECT_EQ(flow.orders_left(), OrderFlow::order_count(bar, interval_ns));
  AggressorOrder order;
  std::int64_t trades = 0, lots = 0, last_ns = kOpenNs;
  while (flow.orders_left() > 0) {
    flow.next(order);
    ASSERT_GE(order.trades, 1u);
    for (const std::int64_t size : order.sizes()) ASSERT_GE(size, 1);
    ASSERT_GE(order.ts_ns - last_ns, OrderFlow::kGapMinNs);
    trades += static_cast<std::int64_t>(order.trades);
    lots += std::accumulate(order.sizes().begin(), order.sizes().end(), std::int64_t{0});
    last_ns = order.ts_ns;
  }
  EXPECT_EQ(trades, bar.trades);
  EXPECT_EQ(lots, bar.lots);
  EXPECT_GE(kOpenNs + interval_ns - last_ns, OrderFlow::kGapMinNs);
}

TEST(OrderFlow, AddsUpToTheBarWithRoomBetweenOrders) {
  OrderFlow flow(1, "orders");
  for (const std::int64_t trades : {4, 5, 31, 1000, 20'000}) {
    for (const std::int64_t more_lots : {0, 3, 1'000'000}) {
      expect_exact(flow, bar_of(trades, trades + more_lots), kSecond.value);
      expect_exact(flow, bar_of(trades, trades + more_lots), kDay.value);
    }
  }
}

// 20 ns for each trade: the most that the bar generator's options allow.
TEST(OrderFlow, HasRoomForAsManyTradesAsABarCanHave) {
  OrderFlow flow(1, "orders");
  expect_exact(flow, bar_of(500'000, 600'000), 500'000 * 20);
}

TEST(OrderFlow, ABarHasAsManyOrdersAsItsPricesTakeAndNoMoreThanTrades) {
  EXPECT_EQ(OrderFlow::order_count(bar_of(4, 4), kMinute.value), 4);
  EXPECT_EQ(OrderFlow::order_count(bar_of(5, 5), kMinute.value), 4);
  EXPECT_EQ(OrderFlow::order_count(bar_of(3500, 3500), kMinute.value), 1000);
  EXPECT_EQ(OrderFlow::order_count({.open = 7, .high = 7, .low = 7, .close = 7}, kMinute.value), 0);
}

TEST(OrderFlow, AnotherSeedAndAnotherNameGiveOtherOrders) {
  const auto first_of = [](std::uint64_t seed, const char* name) {
    OrderFlow flow(seed, name);
    flow.start(bar_of(1000, 100'000), kOpenNs, kMinute.value);
    AggressorOrder order;
    flow.next(order);
    return order.ts_ns;
  };
  EXPECT_EQ(first_of(1, "a"), first_of(1, "a"));
  EXPECT_NE(first_of(1, "a"), first_of(2, "a"));
  EXPECT_NE(first_of(1, "a"), first_of(1, "b"));
}

}  // namespace
}  // namespace hftsim
