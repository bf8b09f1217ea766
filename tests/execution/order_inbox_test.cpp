#include "engine/execution/order_inbox.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

Order order_at(OrderId id, std::int64_t ts) {
  Order order;
  order.id = id;
  order.arrives_at = Timestamp(ts);
  return order;
}

TEST(OrderInbox, HandsMessagesOutInTheOrderOfArrivalAndNotBefore) {
  OrderInbox inbox;
  inbox.send(order_at(1, 30));
  inbox.send(order_at(2, 10));
  inbox.send_cancel(2, Timestamp(10));
  EXPECT_FALSE(inbox.receive(Timestamp(9)));
  EXPECT_EQ(inbox.receive(Timestamp(10))->order.id, 2u);
  EXPECT_TRUE(inbox.receive(Timestamp(10))->is_cancel) << "sent later, so behind the order";
  EXPECT_FALSE(inbox.receive(Timestamp(29)));
  EXPECT_EQ(inbox.receive(Timestamp(30))->order.id, 1u);
  EXPECT_TRUE(inbox.empty());
}

TEST(OrderInbox, WithdrawsOrdersButNoCancels) {
  OrderInbox inbox;
  inbox.send(order_at(1, 10));
  inbox.send(order_at(2, 10));
  inbox.send_cancel(1, Timestamp(10));
  EXPECT_TRUE(inbox.has_order(1));
  int withdrawn = 0;
  inbox.withdraw_if([](const Order& order) { return order.id == 1; }, [&](const Order&) { ++withdrawn; });
  EXPECT_EQ(withdrawn, 1);
  EXPECT_FALSE(inbox.has_order(1));
  EXPECT_EQ(inbox.receive(Timestamp(10))->order.id, 2u);
  EXPECT_TRUE(inbox.receive(Timestamp(10))->is_cancel);
}

}  // namespace
}  // namespace hftsim
