#include "engine/inference/input_scaler.h"

#include <cassert>
#include <cmath>

namespace hftsim::inference {

void InputScaler::apply(const double* columns, std::size_t stride, const std::vector<std::uint32_t>& slots,
                        std::size_t count, float* out) const {
  assert(slots.size() == mean.size() && slots.size() == scale.size());
  const std::size_t inputs = slots.size();
  for (std::size_t k = 0; k < inputs; ++k) {
    const double* column = columns + slots[k] * stride;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<float>((column[i] - mean[k]) / scale[k]);
      out[i * inputs + k] = std::isfinite(value) ? value : non_finite;
    }
  }
}

}  // namespace hftsim::inference
