#include "engine/inference/input_scaler.h"

#include <cassert>
#include <cmath>

namespace hftsim::inference {

std::size_t InputScaler::apply(const double* columns, std::size_t stride,
                               const std::vector<std::uint32_t>& slots, std::size_t count, float* out) const {
  assert(slots.size() == mean.size() && slots.size() == scale.size());
  const std::size_t inputs = slots.size();
  std::size_t replaced = 0;
  for (std::size_t k = 0; k < inputs; ++k) {
    const double* column = columns + slots[k] * stride;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<float>((column[i] - mean[k]) / scale[k]);
      const bool finite = std::isfinite(value);
      out[i * inputs + k] = finite ? value : non_finite;
      replaced += finite ? 0U : 1U;
    }
  }
  return replaced;
}

}  // namespace hftsim::inference
