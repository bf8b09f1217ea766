// Where the values of one bar lie when its series are kept side by side, for bars that come one at a time: a
// whole bar then takes a few cache lines, and rungs of several ladders that lie next to each other are done with
// one instruction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/features/graph_builder.h"

namespace hftsim::features {

struct RowLayout {
  std::vector<std::uint32_t> slot_of;  // per series: its place in the row
  std::uint32_t width = 0;             // doubles, a multiple of 8
};

// Puts the rungs of one length next to each other, in the order of the series they sum up, and orders the
// entries of every ladder in `nodes` the same way (shorter rungs stay before longer ones).
RowLayout lay_out_rows(std::span<const SeriesSpec> series, std::vector<NodeSpec>& nodes);

}  // namespace hftsim::features
