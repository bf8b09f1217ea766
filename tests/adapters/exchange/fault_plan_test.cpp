#include "adapters/exchange/fault_plan.h"

#include <gtest/gtest.h>

#include "adapters/exchange/outgoing_queue.h"
#include "engine/core/errors.h"

namespace hftsim::exchange {
namespace {

int struck(FaultPlan& plan, Fault fault, FaultSide side, int times, std::string_view what = "") {
  int count = 0;
  for (int i = 0; i < times; ++i) count += plan.strikes(fault, side, what);
  return count;
}

TEST(FaultPlan, WithoutFaultsNothingStrikes) {
  FaultPlan plan(1);
  EXPECT_FALSE(plan.any(FaultSide::rest));
  EXPECT_EQ(struck(plan, Fault::disconnect, FaultSide::rest, 1'000), 0);
}

TEST(FaultPlan, ProbabilitiesAreDrawnFromTheSeed) {
  FaultPlan a(7), b(7), c(8);
  for (FaultPlan* plan : {&a, &b, &c}) plan->set("disconnect=0.1");
  std::vector<bool> from_a, from_b, from_c;
  for (int i = 0; i < 10'000; ++i) {
    from_a.push_back(a.strikes(Fault::disconnect, FaultSide::rest, ""));
    from_b.push_back(b.strikes(Fault::disconnect, FaultSide::rest, ""));
    from_c.push_back(c.strikes(Fault::disconnect, FaultSide::rest, ""));
  }
  EXPECT_EQ(from_a, from_b);
  EXPECT_NE(from_a, from_c);
  EXPECT_NEAR(static_cast<double>(a.count(Fault::disconnect, FaultSide::rest)), 1'000, 150);
}

TEST(FaultPlan, OneFaultDoesNotMoveAnother) {
  FaultPlan alone(7), beside(7);
  alone.set("gap=0.5");
  beside.set("gap=0.5,duplicate=0.5");
  for (int i = 0; i < 100; ++i) {
    beside.strikes(Fault::duplicate, FaultSide::stream, "");
    EXPECT_EQ(alone.strikes(Fault::gap, FaultSide::stream, ""),
              beside.strikes(Fault::gap, FaultSide::stream, ""));
  }
}

TEST(FaultPlan, EveryNthAndOnce) {
  FaultPlan plan(1);
  plan.set("gap=1/10,429=once");
  EXPECT_EQ(struck(plan, Fault::gap, FaultSide::stream, 9), 0);
  EXPECT_TRUE(plan.strikes(Fault::gap, FaultSide::stream, ""));
  EXPECT_TRUE(plan.strikes(Fault::too_many_requests, FaultSide::rest, ""));
  EXPECT_EQ(struck(plan, Fault::too_many_requests, FaultSide::rest, 100), 0);
}

TEST(FaultPlan, SidesAndStreamsAreChosen) {
  FaultPlan plan(1);
  plan.set("ws.stall=1:250ms@depth,slow=1");
  EXPECT_FALSE(plan.strikes(Fault::stall, FaultSide::rest, "depth"));
  EXPECT_FALSE(plan.strikes(Fault::stall, FaultSide::stream, "btcusdt@trade"));
  EXPECT_TRUE(plan.strikes(Fault::stall, FaultSide::stream, "btcusdt@depth"));
  EXPECT_EQ(plan.duration(Fault::stall, FaultSide::stream), Duration(250'000'000));
  EXPECT_EQ(plan.duration(Fault::slow, FaultSide::rest), Duration(20'000'000));
  plan.set("slow=off");
  EXPECT_FALSE(plan.strikes(Fault::slow, FaultSide::rest, ""));
  plan.clear();
  EXPECT_FALSE(plan.any(FaultSide::stream));
}

TEST(FaultPlan, SkewIsATime) {
  FaultPlan plan(1);
  plan.set("skew=+1500ms");
  EXPECT_EQ(plan.skew(), Duration(1'500'000'000));
  plan.set("skew=-2s");
  EXPECT_EQ(plan.skew(), Duration(-2'000'000'000));
}

TEST(FaultPlan, WhatIsNoFaultIsRefusedAndNothingIsSet) {
  for (const char* wrong :
       {"nothing=1", "gap", "gap=", "gap=2", "gap=-1", "gap=1/0", "gap=nan", "gap=x", "rest.gap=1",
        "ws.429=1", "stall=1:5", "stall=1:-5s", "stall=1:2h", "skew=x", "skew=9000s", "=1"}) {
    FaultPlan plan(1);
    EXPECT_THROW(plan.set(std::string("duplicate=1,") + wrong), BadInput) << wrong;
    EXPECT_FALSE(plan.any(FaultSide::stream)) << wrong;
  }
}

class OutgoingQueueTest : public testing::Test {
 protected:
  std::string sent(const std::string& faults, const std::string& letters = "abcd") {
    FaultPlan plan(1);
    plan.set(faults);
    OutgoingQueue queue(plan);
    for (const char letter : letters) {
      queue.add({"btcusdt@trade", std::make_shared<const std::string>(1, letter)});
    }
    std::string order;
    while (!queue.empty()) order += *queue.take().text;
    return order;
  }
};

TEST_F(OutgoingQueueTest, FaultsChangeTheOrder) {
  EXPECT_EQ(sent(""), "abcd");
  EXPECT_EQ(sent("gap=1/2"), "ac");
  EXPECT_EQ(sent("duplicate=1/3"), "abccd");
  EXPECT_EQ(sent("reorder=once"), "bacd");
  EXPECT_EQ(sent("reorder=1/2"), "acbd");
  EXPECT_EQ(sent("gap=1@depth"), "abcd");
}

TEST_F(OutgoingQueueTest, MarksSayHowAMessageIsSent) {
  FaultPlan plan(1);
  plan.set("stall=once:1s,slow=once:2ms,disconnect=once");
  OutgoingQueue queue(plan);
  queue.add({"a", std::make_shared<const std::string>("{}")});
  queue.add({"a", std::make_shared<const std::string>("{}")});
  const OutgoingMessage first = queue.take(), second = queue.take();
  EXPECT_EQ(first.stall, kSecond);
  EXPECT_EQ(first.byte_pause, Duration(2'000'000));
  EXPECT_TRUE(first.disconnects);
  EXPECT_EQ(second.stall, Duration(0));
  EXPECT_FALSE(second.disconnects);
}

TEST_F(OutgoingQueueTest, AnswersAreNotStruck) {
  FaultPlan plan(1);
  plan.set("gap=1");
  OutgoingQueue queue(plan);
  queue.add_answer("{}");
  EXPECT_EQ(queue.size(), 1u);
}

}  // namespace
}  // namespace hftsim::exchange
