#include "replay/tick_path.h"

#include <gtest/gtest.h>

#include <vector>

namespace hftsim {
namespace {

std::vector<TickPath::Step> steps_of(TickPath& path, const BarTicks& bar, std::int64_t count) {
  path.start(bar, count);
  std::vector<TickPath::Step> steps;
  for (std::int64_t i = 0; i < count; ++i) steps.push_back(path.next());
  return steps;
}

void expect_exact(const std::vector<TickPath::Step>& steps, const BarTicks& bar) {
  std::int64_t high = steps[0].ticks, low = steps[0].ticks, pinned_high = 0, pinned_low = INT64_MAX;
  for (const TickPath::Step& step : steps) {
    high = std::max(high, step.ticks);
    low = std::min(low, step.ticks);
    if (!step.pinned) continue;
    pinned_high = std::max(pinned_high, step.ticks);
    pinned_low = std::min(pinned_low, step.ticks);
  }
  EXPECT_EQ(steps.front().ticks, bar.open);
  EXPECT_EQ(steps.back().ticks, bar.close);
  EXPECT_EQ(high, bar.high);
  EXPECT_EQ(low, bar.low);
  EXPECT_EQ(pinned_high, bar.high) << "met by a step that says so";
  EXPECT_EQ(pinned_low, bar.low);
}

// All bars of few prices, from the fewest steps on.
TEST(TickPath, MeetsOpenHighLowAndCloseOfEveryBar) {
  TickPath path(RandomStream(1, "prices"));
  for (std::int64_t low = 1; low <= 4; ++low)
    for (std::int64_t high = low; high <= 4; ++high)
      for (std::int64_t open = low; open <= high; ++open)
        for (std::int64_t close = low; close <= high; ++close) {
          BarTicks bar{.open = open, .high = high, .low = low, .close = close, .lots = 100, .trades = 100};
          for (std::int64_t more : {0, 1, 2, 3, 10, 60}) {
            SCOPED_TRACE(testing::Message()
                         << open << ' ' << high << ' ' << low << ' ' << close << ' ' << more);
            expect_exact(steps_of(path, bar, bar.trades_min() + more), bar);
          }
        }
}

TEST(TickPath, MeetsWideBarsToo) {
  TickPath path(RandomStream(2, "prices"));
  const BarTicks bar{.open = 8'800'000,
                     .high = 8'812'345,
                     .low = 8'799'000,
                     .close = 8'805'000,
                     .lots = 5000,
                     .trades = 5000};
  for (const std::int64_t steps : {4, 5, 100, 5000}) expect_exact(steps_of(path, bar, steps), bar);
}

TEST(TickPath, WalksAreDifferentFromBarToBarAndTheSameFromTheSameStream) {
  const BarTicks bar{
      .open = 100'000, .high = 101'000, .low = 99'000, .close = 100'500, .lots = 500, .trades = 500};
  TickPath a(RandomStream(3, "prices")), b(RandomStream(3, "prices"));
  const auto first = steps_of(a, bar, 500), same = steps_of(b, bar, 500), second = steps_of(a, bar, 500);
  std::size_t differences = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    ASSERT_EQ(first[i].ticks, same[i].ticks);
    if (first[i].ticks != second[i].ticks) ++differences;
  }
  EXPECT_GT(differences, 400u);
}

// Whatever happens is a walk and no zigzag: few prices are reached by a jump across half the bar.
TEST(TickPath, MovesInSmallSteps) {
  TickPath path(RandomStream(4, "prices"));
  const BarTicks bar{
      .open = 100'000, .high = 102'000, .low = 99'000, .close = 101'000, .lots = 600, .trades = 600};
  std::size_t large = 0;
  for (int i = 0; i < 100; ++i) {
    const auto steps = steps_of(path, bar, 600);
    for (std::size_t k = 1; k < steps.size(); ++k)
      if (std::abs(steps[k].ticks - steps[k - 1].ticks) > 750) ++large;
  }
  EXPECT_LT(large, 300u);  // of 60,000
}

}  // namespace
}  // namespace hftsim
