// Feature rows of whole runs, for comparison bit by bit.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "engine/features/feature_set.h"

namespace hftsim::features {

// Column by column: feature f of bar i is at(f, i).
struct Rows {
  std::size_t bars = 0;
  std::vector<double> values;

  Rows(std::size_t features, std::size_t bar_count) : bars(bar_count), values(features * bar_count, -1.0) {}
  double at(std::size_t feature, std::size_t bar) const { return values[feature * bars + bar]; }
  std::span<const double> column(std::size_t feature) const { return {values.data() + feature * bars, bars}; }
};

inline bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

// Feeds bars[first..past) in blocks of `block`; a block of 1 goes the way of live bars.
inline void feed(FeatureSet& set, std::span<const Event> bars, std::size_t first, std::size_t past,
                 std::size_t block, Rows& rows) {
  for (std::size_t i = first; i < past; i += block) {
    const std::size_t count = std::min(block, past - i);
    if (block > 1) {
      set.update(bars.subspan(i, count), rows.values.data() + i, rows.bars);
      continue;
    }
    const std::span<const double> row = set.update(bars[i]);
    for (std::size_t f = 0; f < row.size(); ++f) rows.values[f * rows.bars + i] = row[f];
  }
}

inline Rows compute(const std::vector<std::string>& names, std::span<const Event> bars, std::size_t block,
                    Isa isa = detect_isa()) {
  FeatureSet set(names, {.isa = isa});
  Rows rows(names.size(), bars.size());
  feed(set, bars, 0, bars.size(), block, rows);
  return rows;
}

}  // namespace hftsim::features
