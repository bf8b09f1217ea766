#include "models/native_obstacle.h"

#include <fmt/format.h>

#include "models/native/lstm_weights.h"

namespace hftsim::models {
namespace {

constexpr const char* kPriceLstm = "PriceLSTM";

std::string weights_obstacle(const ModelBundle& bundle) {
  const std::string fault = price_lstm_fault(bundle.weights);
  if (!fault.empty()) return fault;
  const std::size_t inputs = find_lstm_weights(bundle.weights).features;
  if (inputs == bundle.metadata.features.size()) return "";
  return fmt::format("its weights are of {} features, hftsim.json names {}", inputs,
                     bundle.metadata.features.size());
}

}  // namespace

std::string native_obstacle(const ModelBundle& bundle) {
  const BundleMetadata& metadata = bundle.metadata;
  if (metadata.architecture != kPriceLstm) return fmt::format("it is a {}", metadata.architecture);
  if (!metadata.quantization.empty()) return fmt::format("it is quantised ({})", metadata.quantization);
  if (bundle.weights.empty()) return fmt::format("it has no {}", kWeightsFile);
  return weights_obstacle(bundle);
}

}  // namespace hftsim::models
