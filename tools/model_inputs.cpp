#include "tools/model_inputs.h"

#include <cstdint>
#include <numeric>

namespace hftsim {

inference::InputScaler scaler_of(const models::BundleMetadata& metadata) {
  return {metadata.scaler_mean, metadata.scaler_scale, static_cast<float>(metadata.non_finite)};
}

std::vector<float> scaled_inputs(const BarFeatures& rows, std::size_t first, std::size_t last,
                                 const models::BundleMetadata& metadata) {
  const models::FeatureRows slice = rows.slice(first, last);
  std::vector<std::uint32_t> slots(slice.names.size());
  std::iota(slots.begin(), slots.end(), 0U);
  std::vector<float> inputs((last - first) * slots.size());
  scaler_of(metadata).apply(slice.columns, slice.stride, slots, last - first, inputs.data());
  return inputs;
}

}  // namespace hftsim
