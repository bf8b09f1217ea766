#include "engine/execution/working_orders.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

Order order_at(OrderId id, std::int64_t ts) {
  Order order;
  order.id = id;
  order.arrives_at = Timestamp(ts);
  return order;
}

TEST(WorkingOrders, StandInTheOrderOfArrivalThenId) {
  WorkingOrders orders;
  for (const auto& [id, ts] : std::vector<std::pair<OrderId, std::int64_t>>{{4, 20}, {3, 10}, {1, 20}}) {
    orders.insert(order_at(id, ts));
  }
  std::vector<OrderId> ids;
  for (const WorkingOrder& working : orders) ids.push_back(working.order.id);
  EXPECT_EQ(ids, (std::vector<OrderId>{3, 1, 4}));
}

TEST(WorkingOrders, WhatIsDoneIsNotFoundAndGoesWithTheNextRemoval) {
  WorkingOrders orders;
  orders.insert(order_at(1, 10));
  orders.find(1)->done = true;
  EXPECT_EQ(orders.find(1), nullptr);
  EXPECT_EQ(orders.size(), 1u);
  orders.remove_done();
  EXPECT_TRUE(orders.empty());
}

TEST(WorkingOrder, BecomesWhatItsTriggerMakesOfIt) {
  WorkingOrder working;
  working.order.request = stop_limit(Side::sell, 1, 98, 97);
  EXPECT_TRUE(working.is_stop());
  EXPECT_EQ(working.level(LimitFill::through).price, Price(98));
  working.triggered = true;
  EXPECT_EQ(working.acts_as(), OrderType::limit);
  EXPECT_EQ(working.level(LimitFill::through).price, Price(97));
  working.order.request = take_profit(Side::sell, 1, 105);
  EXPECT_EQ(working.acts_as(), OrderType::market);
}

TEST(WorkingOrder, ATrailingStopsLevelHangsBelowTheBestPriceOfASell) {
  WorkingOrder working;
  working.order.request = trailing_stop(Side::sell, 1, 3);
  working.best_seen = Price(110);
  EXPECT_EQ(working.level(LimitFill::through).price, Price(107));
  working.order.request.side = Side::buy;
  EXPECT_EQ(working.level(LimitFill::through).price, Price(113));
}

}  // namespace
}  // namespace hftsim
