#include "models/torch/quantize.h"

#include <ATen/Context.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "models/torch/architectures.h"
#include "models/torch/script_file.h"
#include "models/torch/torch_errors.h"

namespace hftsim::models {

namespace {

using torch::jit::Module;
using Shapes = std::map<std::string, std::vector<std::int64_t>>;

constexpr const char* kExpectation = "a PriceLSTM or a PriceTransformer with float32 weights";

Shapes shapes_of(const Module& module) {
  Shapes shapes;
  for (const auto& parameter : module.named_parameters())
    shapes[parameter.name] = parameter.value.sizes().vec();
  return shapes;
}

// The network whose parameters these are.
NetworkSpec spec_of(const std::string& path, const Module& module) {
  const Shapes shapes = shapes_of(module);
  NetworkSpec spec;
  const bool lstm = shapes.contains("lstm.weight_ih_l0");
  const auto inputs = shapes.find(lstm ? "lstm.weight_ih_l0" : "input.weight");
  if (inputs == shapes.end() || inputs->second.size() != 2)
    throw BadInput(path, "other parameters", kExpectation);
  spec.architecture = lstm ? "PriceLSTM" : "PriceTransformer";
  spec.features = static_cast<std::uint32_t>(inputs->second[1]);
  if (!lstm && module.hasattr("positions")) {
    spec.lookback = static_cast<std::uint32_t>(module.attr("positions").toTensor().size(0));
  }
  if (shapes_of(make_script_network(spec)) != shapes) {
    throw BadInput(path, "not the parameters of a " + spec.architecture, kExpectation);
  }
  return spec;
}

void add_int8(Module& module, const std::string& name, const at::Tensor& weight) {
  const at::Tensor scale = weight.abs().amax({1}).clamp_min(1e-30).div(127);
  module.register_buffer(name, weight.div(scale.unsqueeze(1)).round().to(c10::kChar));
  module.register_buffer(name + "_scale", scale);
}

// The same tree of modules without methods, its matrices as int8.
Module int8_copy(const Module& module, const std::string& type) {
  Module copy("__torch__.hftsim." + type);
  copy.register_attribute("training", c10::BoolType::get(), false);
  for (const auto& parameter : module.named_parameters(false)) {
    const at::Tensor values = parameter.value.detach();
    if (values.dim() == 2) {
      add_int8(copy, parameter.name, values);
    } else {
      copy.register_buffer(parameter.name, values.clone());
    }
  }
  for (const auto& buffer : module.named_buffers(false))
    copy.register_buffer(buffer.name, buffer.value.clone());
  for (const auto& child : module.named_children())
    copy.register_module(child.name, int8_copy(child.value, "Int8"));
  return copy;
}

at::Tensor answer(Module module, const std::vector<float>& rows, const NetworkSpec& spec) {
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  const std::int64_t features = spec.features, lookback = spec.lookback;
  const std::int64_t windows = static_cast<std::int64_t>(rows.size()) / features / lookback;
  const at::Tensor input = at::from_blob(const_cast<float*>(rows.data()), {windows, lookback, features});
  return module.forward({input}).toTensor();
}

// The parameters may be those of another forward(): ours, with these values, has to answer the same.
void expect_ours(const std::string& path, const Module& module, const NetworkSpec& spec) {
  constexpr double kLargest = 1e-5;
  Module ours = make_script_network(spec);
  ours.eval();
  std::map<std::string, at::Tensor> values;
  for (const auto& parameter : module.named_parameters()) values[parameter.name] = parameter.value;
  for (const auto& parameter : ours.named_parameters())
    parameter.value.detach().copy_(values.at(parameter.name));
  RandomStream random(1, "quantisation probe");
  std::vector<float> rows(std::size_t{8} * spec.lookback * spec.features);
  for (float& value : rows) value = static_cast<float>(random.normal());
  const double apart = answer(module, rows, spec).sub(answer(ours, rows, spec)).abs().max().item<double>();
  if (!(apart <= kLargest)) {
    throw BadInput(path,
                   "the parameters of a " + spec.architecture + " behind another forward(), probabilities " +
                       std::to_string(apart) + " apart",
                   kExpectation);
  }
}

}  // namespace

void quantize_script(const std::string& bytes, const std::string& name, const std::string& to,
                     const ExtraFiles& extra_files) {
  const c10::InferenceMode no_gradients;
  Module module = load_script(bytes, name);
  module.eval();
  const NetworkSpec spec = spec_of(name, module);
  expect_ours(name, module, spec);
  Module quantized = int8_copy(module, spec.architecture + "Int8");
  define_methods(quantized, spec.architecture, WeightKind::int8);
  save_script(quantized, to, extra_files);
}

}  // namespace hftsim::models
