// When a run counts as halted, and since when.
#include "tools/halt_watch.h"

#include <gtest/gtest.h>

#include <vector>

namespace hftsim {
namespace {

JournalRecord record(std::int64_t ts_ns, JournalKind kind, Reason reason = Reason::none) {
  JournalRecord made{};
  made.ts_ns = ts_ns;
  made.kind = kind;
  made.reason = reason;
  return made;
}

JournalRecord refusal(std::int64_t ts_ns, Reason reason) {
  return record(ts_ns, JournalKind::refusal, reason);
}

std::optional<Halt> halt_after(const std::vector<JournalRecord>& records) {
  HaltWatch watch(nullptr);
  for (const JournalRecord& one : records) watch.write({&one, 1});
  return watch.halt();
}

TEST(HaltWatch, TellsTheFirstRefusalOfTheLastStretch) {
  const auto halt = halt_after({refusal(1, Reason::drawdown_limit), record(2, JournalKind::order),
                                refusal(3, Reason::drawdown_limit), record(4, JournalKind::signal),
                                refusal(4, Reason::drawdown_limit), record(5, JournalKind::end)});
  ASSERT_TRUE(halt);
  EXPECT_EQ(halt->reason, Reason::drawdown_limit);
  EXPECT_EQ(halt->since, Timestamp(3));
}

TEST(HaltWatch, AnotherLimitBeginsAnotherStretch) {
  const auto halt = halt_after({refusal(1, Reason::drawdown_limit), refusal(2, Reason::total_loss_limit)});
  ASSERT_TRUE(halt);
  EXPECT_EQ(halt->reason, Reason::total_loss_limit);
  EXPECT_EQ(halt->since, Timestamp(2));
}

TEST(HaltWatch, ARunThatWasLetThroughLastIsNotHalted) {
  EXPECT_FALSE(halt_after({}));
  EXPECT_FALSE(halt_after({refusal(1, Reason::drawdown_limit), record(2, JournalKind::order)}));
  EXPECT_FALSE(halt_after({refusal(1, Reason::drawdown_limit), refusal(2, Reason::order_pending)}));
}

}  // namespace
}  // namespace hftsim
