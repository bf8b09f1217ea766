#include "strategies/opinion.h"

#include "tests/strategies/strategy_bench.h"

namespace hftsim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Opinion, UnknownConfidenceIsHold) {
  const Signal signal = opinion(SignalSide::buy, kUnknown, 110, 90);
  expect_signal(signal, {});
}

TEST(Opinion, ConfidenceIsClipped) {
  EXPECT_EQ(opinion(SignalSide::buy, 1.5).confidence, 1);
  EXPECT_EQ(opinion(SignalSide::buy, kInfinity).confidence, 1);
  EXPECT_EQ(opinion(SignalSide::buy, -0.5).confidence, 0);
  EXPECT_EQ(opinion(SignalSide::buy, 0.25).confidence, 0.25);
}

TEST(Opinion, PricesThatAreNoneAreLeftOut) {
  for (const double none : {0.0, -1.0, kInfinity, -kInfinity, kUnknown}) {
    expect_signal(opinion(SignalSide::sell, 1, none, none), {SignalSide::sell, 1});
  }
  expect_signal(opinion(SignalSide::sell, 1, 90, 110), {SignalSide::sell, 1, 90, 110});
}

TEST(Opinion, AllKnownFindsTheOneThatIsNot) {
  EXPECT_TRUE(all_known({1, kInfinity, 0}));
  EXPECT_FALSE(all_known({1, kUnknown, 0}));
}

TEST(Opinion, SideFollowsTheDirection) {
  EXPECT_EQ(side_of(+2), SignalSide::buy);
  EXPECT_EQ(side_of(-1), SignalSide::sell);
  EXPECT_EQ(side_of(0), SignalSide::hold);
}

}  // namespace
}  // namespace hftsim
