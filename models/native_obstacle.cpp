#include "models/native_obstacle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <map>
#include <vector>

namespace hftsim::models {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr const char* kPriceLstm = "PriceLSTM";

// Names as torch.nn gives them, shapes as it lays them out: the gates i, f, g, o below each other.
std::map<std::string, Shape> tensor_shapes(std::size_t features) {
  constexpr std::int64_t kHidden = 64, kGates = 4 * kHidden, kHead = 32;
  std::map<std::string, Shape> shapes = {
      {"fc1.weight", {kHead, kHidden}}, {"fc1.bias", {kHead}}, {"fc2.weight", {1, kHead}}, {"fc2.bias", {1}}};
  for (const std::int64_t layer : {0, 1}) {
    const std::string suffix = fmt::format("_l{}", layer);
    shapes["lstm.weight_ih" + suffix] = {kGates, layer == 0 ? static_cast<std::int64_t>(features) : kHidden};
    shapes["lstm.weight_hh" + suffix] = {kGates, kHidden};
    shapes["lstm.bias_ih" + suffix] = {kGates};
    shapes["lstm.bias_hh" + suffix] = {kGates};
  }
  return shapes;
}

std::string weights_obstacle(const ModelBundle& bundle) {
  std::map<std::string, Shape> expected = tensor_shapes(bundle.metadata.features.size());
  for (const NamedTensor& tensor : bundle.weights) {
    const auto found = expected.find(tensor.name);
    if (found == expected.end()) return fmt::format("a {} has no tensor {}", kPriceLstm, tensor.name);
    if (found->second != tensor.shape)
      return fmt::format("{} is [{}], a {} over {} features has [{}]", tensor.name,
                         fmt::join(tensor.shape, ", "), kPriceLstm, bundle.metadata.features.size(),
                         fmt::join(found->second, ", "));
    expected.erase(found);
  }
  return expected.empty() ? "" : fmt::format("{} is missing", expected.begin()->first);
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
