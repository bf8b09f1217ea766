#include "engine/runtime/report_inbox.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/allocation_counter.h"
#include "engine/core/rng.h"

namespace hftsim {
namespace {

ExecutionReport report(OrderId order, std::int64_t known_at) {
  ExecutionReport made;
  made.order = order;
  made.known_at = Timestamp(known_at);
  return made;
}

TEST(ReportInbox, HoldsAReportBackUntilItIsKnown) {
  ReportInbox inbox;
  inbox.add(report(1, 100));
  EXPECT_FALSE(inbox.is_due(Timestamp(99)));
  EXPECT_TRUE(inbox.is_due(Timestamp(100)));
  EXPECT_EQ(inbox.take().order, 1U);
  EXPECT_TRUE(inbox.empty());
}

TEST(ReportInbox, KeepsTheOrderOfArrivalAtOneInstant) {
  ReportInbox inbox;
  for (OrderId order = 1; order <= 5; ++order) inbox.add(report(order, 7));
  for (OrderId order = 1; order <= 5; ++order) EXPECT_EQ(inbox.take().order, order);
}

// One report is always under way, so that the inbox never runs empty.
TEST(ReportInbox, TakesNoMoreMemoryHoweverLongItIsNeverEmpty) {
  ReportInbox inbox;
  inbox.add(report(0, 0));
  const std::uint64_t before = thread_allocation_count;
  for (OrderId order = 1; order <= 20'000; ++order) {
    inbox.add(report(order, static_cast<std::int64_t>(order)));
    ASSERT_EQ(inbox.take().order, order - 1);
  }
  EXPECT_EQ(thread_allocation_count, before);
}

// Against a stable sort of everything added and not yet taken.
TEST(ReportInbox, GivesReportsInTheOrderTheyBecomeKnown) {
  RandomStream random(1, "inbox");
  ReportInbox inbox;
  std::vector<ExecutionReport> waiting;
  OrderId next = 1;
  for (std::int64_t now = 0; now < 2000; ++now) {
    for (std::uint64_t i = random.below(3); i > 0; --i) {
      waiting.push_back(report(next++, now + static_cast<std::int64_t>(random.below(20))));
      inbox.add(waiting.back());
    }
    std::ranges::stable_sort(waiting, {}, [](const ExecutionReport& r) { return r.known_at; });
    while (inbox.is_due(Timestamp(now))) {
      ASSERT_FALSE(waiting.empty());
      EXPECT_EQ(inbox.take().order, waiting.front().order);
      waiting.erase(waiting.begin());
    }
    ASSERT_TRUE(waiting.empty() || waiting.front().known_at > Timestamp(now));
  }
  EXPECT_GT(next, 1500U);
}

}  // namespace
}  // namespace hftsim
