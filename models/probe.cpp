#include "models/probe.h"

namespace hftsim::models {

std::vector<float> probe_rows(std::uint32_t lookback, std::uint32_t features) {
  const std::uint32_t rows = lookback + kProbeWindows - 1;
  std::vector<float> values;
  values.reserve(std::size_t{rows} * features);
  for (std::uint64_t i = 0; i < rows; ++i) {
    for (std::uint64_t k = 0; k < features; ++k) {
      const auto step = static_cast<int>((31 * i + 17 * k) % 41);
      values.push_back(static_cast<float>(step - 20) / 10.0F);
    }
  }
  return values;
}

}  // namespace hftsim::models
