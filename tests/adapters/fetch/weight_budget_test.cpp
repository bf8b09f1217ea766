#include "adapters/fetch/weight_budget.h"

#include <gtest/gtest.h>

namespace hftsim::fetch {
namespace {

constexpr std::int64_t kMinuteNs = 60'000'000'000, kStart = 28'000'000 * kMinuteNs + 5'000'000'000;

TEST(WeightBudget, LetsFourFifthsOfTheLimitThroughInAMinute) {
  WeightBudget budget(100);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(budget.earliest_ns(10, kStart), kStart) << i;
    budget.charge(10, kStart);
  }
  EXPECT_EQ(budget.earliest_ns(10, kStart), 28'000'001 * kMinuteNs);
  EXPECT_EQ(budget.earliest_ns(10, kStart + kMinuteNs), kStart + kMinuteNs);
}

TEST(WeightBudget, BelievesTheExchangeThatOthersAskToo) {
  WeightBudget budget(100);
  budget.charge(1, kStart);
  budget.heard(75, kStart);
  EXPECT_EQ(budget.earliest_ns(5, kStart), kStart);
  EXPECT_EQ(budget.earliest_ns(6, kStart), 28'000'001 * kMinuteNs);
}

TEST(WeightBudget, DoesNotForgetWhatIsOnItsWay) {
  WeightBudget budget(100);
  budget.charge(50, kStart);
  budget.heard(10, kStart);
  EXPECT_EQ(budget.used(), 50);
}

TEST(WeightBudget, BeginsEveryMinuteAnew) {
  WeightBudget budget(100);
  budget.charge(80, kStart);
  budget.charge(10, kStart + kMinuteNs);
  EXPECT_EQ(budget.used(), 10);
  budget.heard(5, kStart);  // of a clock that stepped back
  EXPECT_EQ(budget.used(), 10);
}

TEST(WeightBudget, LetsOneRequestThroughThatWeighsMoreThanAll) {
  WeightBudget budget(10);
  EXPECT_EQ(budget.earliest_ns(20, kStart), kStart);
}

}  // namespace
}  // namespace hftsim::fetch
