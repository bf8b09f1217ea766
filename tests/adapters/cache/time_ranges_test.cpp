#include "adapters/cache/time_ranges.h"

#include <gtest/gtest.h>

#include <random>

namespace hftsim {
namespace {

TimeRanges ranges(std::vector<TimeRange> all) {
  return TimeRanges(std::move(all));
}

TEST(TimeRanges, AreSortedDisjointAndDoNotTouch) {
  EXPECT_EQ(ranges({{5, 7}, {1, 3}, {3, 4}, {6, 9}, {8, 8}}), ranges({{1, 4}, {5, 9}}));
  EXPECT_EQ(ranges({{1, 9}, {2, 3}}), ranges({{1, 9}}));
}

TEST(TimeRanges, SayWhatTheyLack) {
  const TimeRanges some = ranges({{2, 4}, {6, 8}});
  EXPECT_EQ(some.missing({0, 10}), ranges({{0, 2}, {4, 6}, {8, 10}}));
  EXPECT_EQ(some.missing({3, 7}), ranges({{4, 6}}));
  EXPECT_TRUE(some.missing({2, 4}).is_empty());
  EXPECT_EQ(TimeRanges().missing({1, 2}), ranges({{1, 2}}));
  EXPECT_TRUE(some.missing({5, 5}).is_empty());
}

TEST(TimeRanges, AgreeWithASetOfInstants) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::vector<bool> covered(32);
    TimeRanges all;
    for (int k = 0; k < 6; ++k) {
      const auto from = static_cast<std::int64_t>(random() % 32),
                 to = static_cast<std::int64_t>(random() % 33);
      all.add({from, to});
      for (std::int64_t at = from; at < to; ++at) covered[static_cast<std::size_t>(at)] = true;
    }
    const TimeRanges missing = all.missing({0, 32});
    for (std::int64_t at = 0; at < 32; ++at) {
      EXPECT_EQ(all.within({at, at + 1}).is_empty(), !covered[static_cast<std::size_t>(at)]);
      EXPECT_EQ(missing.within({at, at + 1}).is_empty(), covered[static_cast<std::size_t>(at)]);
    }
    EXPECT_EQ(parse_time_ranges(to_text(all)), all);
  }
}

TEST(TimeRanges, AreReadFromTheirTextAlone) {
  EXPECT_EQ(parse_time_ranges(""), TimeRanges());
  EXPECT_EQ(parse_time_ranges("-5--2,3-4"), ranges({{-5, -2}, {3, 4}}));
  for (const char* text :
       {"1", "1-", "-", "1-2,", "2-1", "1-1", "1-2;3-4", "a-b", "1-99999999999999999999"}) {
    EXPECT_FALSE(parse_time_ranges(text)) << text;
  }
}

}  // namespace
}  // namespace hftsim
