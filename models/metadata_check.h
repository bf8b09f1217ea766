// What a bundle's metadata have to be whatever file they come from or go to.
#pragma once

#include <cstdint>
#include <string>

#include "models/bundle.h"

namespace hftsim::models {

inline constexpr std::size_t kFeaturesMax = 10'000;
inline constexpr std::uint32_t kLookbackMax = 100'000;
inline constexpr std::uint32_t kHorizonMax = 100'000;
inline constexpr std::uint64_t kWindowValuesMax = std::uint64_t{1} << 26;  // lookback * features
inline constexpr std::size_t kMetricsMax = 1'000;
inline constexpr std::size_t kWindowsMax = 1'000;

// Throws BadInput with `place`, the field and what was expected.
void check_metadata(const BundleMetadata& metadata, const std::string& place);

}  // namespace hftsim::models
