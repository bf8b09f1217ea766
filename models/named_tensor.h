// Weights readable without torch: a name, a shape, float32 values in row-major order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hftsim::models {

struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // as many as the shape's product
};

}  // namespace hftsim::models
