// Feature values as a model was trained on them: (value - mean) / scale per feature, in double, then rounded to
// float. What is not finite, before or after, becomes what the model's metadata says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hftsim::inference {

struct InputScaler {
  std::vector<double> mean, scale;  // per input; scale > 0
  float non_finite = 0;

  // The model's inputs of `count` rows, row-major: out[i * inputs + k]. `columns` are the feature rows of a
  // block, column by column with `stride` between columns; input k is column slots[k]. Returns how many were
  // not finite.
  std::size_t apply(const double* columns, std::size_t stride, const std::vector<std::uint32_t>& slots,
                    std::size_t count, float* out) const;
};

}  // namespace hftsim::inference
