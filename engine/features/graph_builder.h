// Builds the graph behind a list of features: which history columns there are, which operators run over which
// windows, in which order. Parts that several features need exist once: one rolling sum serves sma_20,
// dist_sma_20 and Bollinger's middle.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/features/node.h"

namespace hftsim::features {

// A history column. The first six are the bar's own numbers.
using Series = std::uint32_t;
inline constexpr Series kOpen = 0, kHigh = 1, kLow = 2, kClose = 3, kVolume = 4, kTrades = 5;
inline constexpr Series kInputCount = 6;
inline constexpr Series kNoSeries = UINT32_MAX;
inline constexpr std::uint32_t kNoSlot = UINT32_MAX;  // an output nobody asked for

struct SeriesSpec {
  std::uint32_t pad = 0;         // how far back anybody looks
  std::uint32_t known_from = 0;  // first bar at which it is known
  std::uint32_t phase = 0;       // nodes run by phase; a phase reads only earlier ones
};

struct EntrySpec {
  std::array<Series, 4> in = {kNoSeries, kNoSeries, kNoSeries, kNoSeries};
  std::array<std::uint32_t, 4> back = {0, 0, 0, 0};  // how many bars back each input is read
  std::array<Series, 2> made = {kNoSeries, kNoSeries};
  std::uint32_t window = 0;
  std::array<double, 3> k = {0, 0, 0};
  std::uint32_t state_count = 0;
  double state_initial = 0;
  std::array<std::uint32_t, 8> out = {kNoSlot, kNoSlot, kNoSlot, kNoSlot, kNoSlot, kNoSlot, kNoSlot, kNoSlot};
};

struct NodeSpec {
  Op op;
  std::uint32_t phase;
  std::vector<EntrySpec> entries;
};

class GraphBuilder {
 public:
  GraphBuilder();

  // What the entry `wanted` of `op` is called from here on; one that is there already is found, not added.
  // `made_count` columns are created for it, known from `known_from`.
  EntrySpec& entry(Op op, const EntrySpec& wanted, std::uint32_t made_count = 0,
                   std::uint32_t known_from = 0);

  // A series of one operator with a single entry: return_1, true_range, dollar_volume, ...
  Series derived(Op op, std::array<Series, 4> in, std::uint32_t known_from = 0,
                 std::array<std::uint32_t, 4> back = {0, 0, 0, 0});

  // The first series that an entry of `op` makes, where entries may also be there for their outputs alone: those
  // make `nobody`, which nobody reads.
  Series kept(Op op, EntrySpec wanted, std::uint32_t known_from);
  Series nobody();

  // Rolling aggregates over `window` bars, by the ladder of ops/ladders.h.
  Series sum(Series x, std::uint32_t window) { return rung(Op::sum_ladder, x, window); }
  Series minimum(Series x, std::uint32_t window) { return rung(Op::min_ladder, x, window); }
  Series maximum(Series x, std::uint32_t window) { return rung(Op::max_ladder, x, window); }
  struct Moments {
    Series sum;
    Series m2;  // sum of squared deviations from the mean; kNoSeries for one bar
  };
  Moments moments(Series x, std::uint32_t window);

  // Says that a reader looks `bars` back in `x` by itself, beside what EntrySpec::back tells.
  void look_back(Series x, std::uint32_t bars);

  std::uint32_t known_from(Series x) const { return series_[x].known_from; }
  std::span<const SeriesSpec> series() const { return series_; }

  // The nodes in the order they run.
  std::vector<NodeSpec> nodes() const;

 private:
  Series rung(Op op, Series x, std::uint32_t window);
  Series add_series(std::uint32_t known_from, std::uint32_t phase);
  std::uint32_t phase_after(Op op, const EntrySpec& spec) const;
  NodeSpec& node(Op op, std::uint32_t phase);
  EntrySpec& find_or_add(Op op, std::uint32_t phase, const EntrySpec& wanted, std::uint32_t made_count,
                         std::uint32_t known_from);

  std::vector<SeriesSpec> series_;
  std::vector<NodeSpec> nodes_;
  Series nobody_ = kNoSeries;
};

}  // namespace hftsim::features
