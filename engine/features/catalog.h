// Every feature there is, by name: `sma_20`, `volatility_5_annualized`, `bb_upper_20_2`. Definitions, order
// and units are those of the feature table in docs/features.md; windows count bars.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/features/graph_builder.h"

namespace hftsim::features {

inline constexpr std::uint32_t kMaxWindow = 100'000;
inline constexpr std::uint32_t kDefaultWindows[] = {5, 10, 20};

// What a name means: `sma_#` is one kind for every window.
struct FeatureKind {
  // '#' stands for a whole number of bars, '%' for any positive number.
  std::string_view pattern;
  std::string_view meaning;
  std::uint32_t min_window;

  // Adds to the graph what the feature needs and lets it write `slot`; returns the first bar at which it is
  // known. Null: bars are not enough, it needs quotes, a book or trades.
  std::uint32_t (*build)(GraphBuilder&, std::span<const double> parameters, std::uint32_t slot);
};

std::span<const FeatureKind> feature_kinds();

// The default columns for these windows in their fixed order: 85 for 5, 10, 20. Throws BadInput for an empty
// list or a window outside 1..kMaxWindow.
std::vector<std::string> default_features(std::span<const std::uint32_t> windows = kDefaultWindows);

// A comma-separated list of names, where `default` stands for default_features(windows) and `none` for
// nothing. Repeated names are taken once.
std::vector<std::string> parse_feature_list(std::string_view list,
                                            std::span<const std::uint32_t> windows = kDefaultWindows);

// "5,10,20". Throws BadInput(key, ...) naming what is not a window.
std::vector<std::uint32_t> parse_windows(std::string_view list, const std::string& key = "features.windows");

// Position of `name` in a row of these features. Throws BadInput with the nearest of them.
std::uint32_t slot_of(const std::string& name, std::span<const std::string> names);

// Adds feature `name` to the graph. Throws BadInput for an unknown name, with the nearest known ones, and for
// a window or factor out of range. Returns the first bar at which it is known.
std::uint32_t build_feature(GraphBuilder& graph, const std::string& name, std::uint32_t slot);

}  // namespace hftsim::features
