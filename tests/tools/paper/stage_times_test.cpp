#include "tools/paper/stage_times.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hftsim {
namespace {

const LatencyLine* line_of(const std::vector<LatencyLine>& lines, LatencyStage stage) {
  const auto found =
      std::ranges::find_if(lines, [stage](const LatencyLine& line) { return line.stage == name_of(stage); });
  return found == lines.end() ? nullptr : &*found;
}

TEST(LatencyTable, DividesABlocksTimeIntoItsStages) {
  LatencyTable table;
  table.add({.read_ns = 1'000, .parsed_ns = 2'000}, {.taken_ns = 5'000,
                                                     .featured_ns = 6'000,
                                                     .predicted_ns = 9'000,
                                                     .decided_ns = 10'000,
                                                     .has_bar = true});
  const auto lines = table.lines();
  const std::pair<LatencyStage, double> wanted[] = {
      {LatencyStage::parse, 1},    {LatencyStage::queue, 3},     {LatencyStage::decision, 1},
      {LatencyStage::total, 9},    {LatencyStage::bar_parse, 1}, {LatencyStage::bar_queue, 3},
      {LatencyStage::features, 1}, {LatencyStage::inference, 3}, {LatencyStage::bar_decision, 1},
      {LatencyStage::bar_total, 9}};
  for (const auto& [stage, us] : wanted) {
    const LatencyLine* line = line_of(lines, stage);
    ASSERT_NE(line, nullptr) << name_of(stage);
    EXPECT_EQ(line->count, 1u);
    EXPECT_DOUBLE_EQ(line->p50_us, us) << name_of(stage);
    EXPECT_DOUBLE_EQ(line->max_us, us) << name_of(stage);
  }
}

TEST(LatencyTable, CountsBarsApart) {
  LatencyTable table;
  table.add({.read_ns = 1, .parsed_ns = 2},
            {.taken_ns = 3, .featured_ns = 3, .predicted_ns = 3, .decided_ns = 4});
  const auto lines = table.lines();
  EXPECT_EQ(line_of(lines, LatencyStage::features), nullptr);
  EXPECT_EQ(line_of(lines, LatencyStage::bar_parse), nullptr);
  EXPECT_EQ(line_of(lines, LatencyStage::bar_total), nullptr);
  ASSERT_NE(line_of(lines, LatencyStage::total), nullptr);
}

TEST(LatencyTable, LeavesOutWhatCameFromNoSocket) {
  LatencyTable table;
  table.add({}, {.taken_ns = 3, .featured_ns = 3, .predicted_ns = 3, .decided_ns = 4});
  EXPECT_TRUE(table.lines().empty());
}

TEST(LatencyTable, BinsByPowersOfTwoHoldEveryBlock) {
  LatencyTable table;
  for (const std::int64_t ns : {100, 125, 126, 250, 251, 40'000}) {
    table.add({.read_ns = 1, .parsed_ns = 1},
              {.taken_ns = 1, .featured_ns = 1, .predicted_ns = 1, .decided_ns = 1 + ns});
  }
  const auto lines = table.lines();
  const LatencyLine* line = line_of(lines, LatencyStage::total);
  ASSERT_NE(line, nullptr);
  ASSERT_EQ(line->bins.size(), 4u);
  EXPECT_DOUBLE_EQ(line->bins[0].us, 0.125);
  EXPECT_EQ(line->bins[0].count, 2u);
  EXPECT_EQ(line->bins[1].count, 2u);  // up to 0.25 us
  EXPECT_EQ(line->bins[2].count, 1u);  // up to 0.5 us
  EXPECT_DOUBLE_EQ(line->bins[3].us, 64);
  EXPECT_EQ(line->bins[3].count, 1u);
}

}  // namespace
}  // namespace hftsim
