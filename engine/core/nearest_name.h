// "Did you mean": the known names nearest to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim {

// Up to `count` of `known`, nearest first by edit distance (Levenshtein 1966), ties in the order given.
// Names further away than 2 and than half the length of `name` are left out.
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t count = 3);

// " (did you mean a, b?)", or "" where nothing is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> known);
std::string did_you_mean(std::span<const std::string> nearest);

}  // namespace hftsim
