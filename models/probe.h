// A few windows that every model can be asked about: a bundle carries what torch said to them (BundleMetadata's
// `probe`), so that another predictor can be checked without torch.
//
// Made by integers, so that any language makes the same: input k of row i is ((31 i + 17 k) mod 41 - 20) / 10.
#pragma once

#include <cstdint>
#include <vector>

namespace hftsim::models {

inline constexpr std::uint32_t kProbeWindows = 8;

// Row-major (lookback + kProbeWindows - 1, features): the rows of kProbeWindows overlapping windows.
std::vector<float> probe_rows(std::uint32_t lookback, std::uint32_t features);

}  // namespace hftsim::models
