#include "engine/features/row_layout.h"

#include <gtest/gtest.h>

#include <set>

namespace hftsim::features {
namespace {

// Sums of three series over the same windows, and of one over another.
GraphBuilder three_series() {
  GraphBuilder graph;
  for (const Series x : {kClose, kVolume, kTrades}) {
    for (const std::uint32_t window : {5U, 10U, 20U}) graph.sum(x, window);
  }
  graph.maximum(kHigh, 7);
  return graph;
}

TEST(RowLayout, PutsRungsOfOneLengthSideBySideInTheOrderOfTheirSeries) {
  GraphBuilder graph = three_series();
  std::vector<NodeSpec> nodes = graph.nodes();
  const RowLayout layout = lay_out_rows(graph.series(), nodes);
  for (const std::uint32_t window : {5U, 10U, 20U}) {
    const std::uint32_t first = layout.slot_of[graph.sum(kClose, window)];
    EXPECT_EQ(layout.slot_of[graph.sum(kVolume, window)], first + 1);
    EXPECT_EQ(layout.slot_of[graph.sum(kTrades, window)], first + 2);
  }
}

TEST(RowLayout, GivesEverySeriesAPlaceOfItsOwnWithRoomBehindTheLast) {
  GraphBuilder graph = three_series();
  std::vector<NodeSpec> nodes = graph.nodes();
  const RowLayout layout = lay_out_rows(graph.series(), nodes);
  const std::set<std::uint32_t> places(layout.slot_of.begin(), layout.slot_of.end());
  EXPECT_EQ(places.size(), graph.series().size());
  EXPECT_LE(*places.rbegin() + 4, layout.width);
  EXPECT_EQ(layout.width % 8, 0U);
}

TEST(RowLayout, KeepsShorterRungsBeforeLongerOnes) {
  GraphBuilder graph = three_series();
  std::vector<NodeSpec> nodes = graph.nodes();
  lay_out_rows(graph.series(), nodes);
  for (const NodeSpec& node : nodes) {
    if (!is_ladder(node.op)) continue;
    for (std::size_t i = 1; i < node.entries.size(); ++i) {
      EXPECT_LE(node.entries[i - 1].window, node.entries[i].window);
    }
  }
}

}  // namespace
}  // namespace hftsim::features
