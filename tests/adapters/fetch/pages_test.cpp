#include "adapters/fetch/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hftsim::fetch {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kM = kMinute.value;

TEST(Pages, CutStretchesWhereTheyEndAndWhereAPageIsFull) {
  const TimeRanges stretches({{0, 25 * kM}, {100 * kM, 110 * kM}, {200 * kM, 201 * kM}});
  EXPECT_THAT(pages_of(stretches, kMinute, 10),
              ElementsAre(TimeRange{0, 10 * kM}, TimeRange{10 * kM, 20 * kM}, TimeRange{20 * kM, 25 * kM},
                          TimeRange{100 * kM, 110 * kM}, TimeRange{200 * kM, 201 * kM}));
  EXPECT_EQ(bars_in(stretches, kMinute), 36u);
  EXPECT_TRUE(pages_of(TimeRanges(), kMinute, 10).empty());
}

TEST(Pages, SettleWhollyOnceTheyAreOld) {
  EXPECT_EQ(settled_part({0, 10 * kM}, 0, 10 * kM), (TimeRange{0, 10 * kM}));
  EXPECT_EQ(settled_part({0, 10 * kM}, 10 * kM, 5 * kM), (TimeRange{0, 10 * kM}));
}

TEST(Pages, SettleOnlyUpToTheLastBarWhereMoreMayCome) {
  EXPECT_EQ(settled_part({0, 10 * kM}, 7 * kM, 5 * kM), (TimeRange{0, 7 * kM}));
  EXPECT_EQ(settled_part({0, 10 * kM}, 3 * kM, 5 * kM), (TimeRange{0, 5 * kM}));
  EXPECT_TRUE(settled_part({20 * kM, 30 * kM}, 20 * kM, 5 * kM).is_empty());
}

}  // namespace
}  // namespace hftsim::fetch
