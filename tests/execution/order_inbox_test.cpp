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

OrderInbox::Message take(OrderInbox& inbox, std::int64_t by) {
  const OrderInbox::Message message = *inbox.first_arrived(Timestamp(by));
  inbox.take_first();
  return message;
}

TEST(OrderInbox, HandsMessagesOutInTheOrderOfArrivalAndNotBefore) {
  OrderInbox inbox;
  inbox.send(order_at(1, 30));
  inbox.send(order_at(2, 10));
  inbox.send_cancel(2, Timestamp(10));
  EXPECT_EQ(inbox.first_arrived(Timestamp(9)), nullptr);
  EXPECT_EQ(take(inbox, 10).order.id, 2u);
  EXPECT_TRUE(take(inbox, 10).is_cancel) << "sent later, so behind the order";
  EXPECT_EQ(inbox.first_arrived(Timestamp(29)), nullptr);
  EXPECT_EQ(take(inbox, 30).order.id, 1u);
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
  EXPECT_EQ(take(inbox, 10).order.id, 2u);
  EXPECT_TRUE(take(inbox, 10).is_cancel);
}

}  // namespace
}  // namespace hftsim
