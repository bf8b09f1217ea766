// Exact order statistics of a run's returns in bounded memory, whatever its length: histograms over the bits
// of the doubles narrow down where each rank lies, pass by pass, until what is left fits a small buffer.
// A series shorter than the buffer takes one pass; 100 million returns take about three.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/portfolio/equity_series.h"

namespace hftsim {

// The values of these ranks (from 0, ascending) among the equity returns of the series, in the order asked.
// `count` is the number of returns, all finite; every rank is below it. `buffer_values` is how many returns
// may be held at once per rank.
std::vector<double> order_statistics(EquitySeries& series, std::uint64_t count,
                                     std::span<const std::uint64_t> ranks,
                                     std::size_t buffer_values = std::size_t{1} << 16);

}  // namespace hftsim
