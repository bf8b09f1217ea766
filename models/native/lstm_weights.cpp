#include "models/native/lstm_weights.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "engine/core/errors.h"
#include "models/native/lstm_kernels.h"

namespace hftsim::models {

namespace {

using Shape = std::vector<std::int64_t>;

// Beyond it products with plausible inputs overflow.
constexpr float kLargestWeight = 1e30f;

constexpr std::int64_t kAny = 0;  // as many as there are features
constexpr auto kUnits = static_cast<std::int64_t>(kHidden), kGates = static_cast<std::int64_t>(kGateRows);
constexpr auto kWidth = static_cast<std::int64_t>(kHeadWidth);

struct Expected {
  std::string name;
  Shape shape;
};

const std::vector<Expected>& expected_tensors() {
  static const std::vector<Expected> expected = {{"lstm.weight_ih_l0", {kGates, kAny}},
                                                 {"lstm.weight_hh_l0", {kGates, kUnits}},
                                                 {"lstm.bias_ih_l0", {kGates}},
                                                 {"lstm.bias_hh_l0", {kGates}},
                                                 {"lstm.weight_ih_l1", {kGates, kUnits}},
                                                 {"lstm.weight_hh_l1", {kGates, kUnits}},
                                                 {"lstm.bias_ih_l1", {kGates}},
                                                 {"lstm.bias_hh_l1", {kGates}},
                                                 {"fc1.weight", {kWidth, kUnits}},
                                                 {"fc1.bias", {kWidth}},
                                                 {"fc2.weight", {1, kWidth}},
                                                 {"fc2.bias", {1}}};
  return expected;
}

std::string text_of(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += shape[i] == kAny ? "features" : std::to_string(shape[i]);
  }
  return text + ")";
}

const NamedTensor* find(std::span<const NamedTensor> weights, const std::string& name) {
  for (const NamedTensor& tensor : weights) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

bool fits(const Shape& shape, const Shape& expected) {
  if (shape.size() != expected.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (expected[i] == kAny ? shape[i] < 1 : shape[i] != expected[i]) return false;
  }
  return true;
}

// 3e+38, where std::to_string would write 39 digits.
std::string shown(float value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", static_cast<double>(value));
  return text.data();
}

std::string values_fault(const NamedTensor& tensor) {
  std::size_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= static_cast<std::size_t>(size);
  if (tensor.values.size() != count) {
    return tensor.name + " holds " + std::to_string(tensor.values.size()) + " values, not " +
           std::to_string(count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!(std::fabs(tensor.values[i]) <= kLargestWeight))
      return tensor.name + " holds " + shown(tensor.values[i]) + " at " + std::to_string(i);
  }
  return "";
}

std::string tensor_fault(std::span<const NamedTensor> weights, const Expected& expected) {
  const NamedTensor* tensor = find(weights, expected.name);
  if (tensor == nullptr) return expected.name + " is missing";
  if (!fits(tensor->shape, expected.shape)) {
    return expected.name + " has the shape " + text_of(tensor->shape) + ", not " + text_of(expected.shape);
  }
  return values_fault(*tensor);
}

bool is_expected(const std::string& name) {
  for (const Expected& expected : expected_tensors()) {
    if (expected.name == name) return true;
  }
  return false;
}

}  // namespace

std::string price_lstm_fault(std::span<const NamedTensor> weights) {
  for (const Expected& expected : expected_tensors()) {
    if (std::string fault = tensor_fault(weights, expected); !fault.empty()) return fault;
  }
  for (const NamedTensor& tensor : weights) {
    if (!is_expected(tensor.name)) return tensor.name + " is not a PriceLSTM's";
    if (find(weights, tensor.name) != &tensor) return tensor.name + " is there twice";
  }
  return "";
}

LstmWeights find_lstm_weights(std::span<const NamedTensor> weights) {
  if (const std::string fault = price_lstm_fault(weights); !fault.empty())
    throw BadInput("model.weights", fault, "the weights of a PriceLSTM");
  const auto values = [&](const std::string& name) {
    return find(weights, name)->values.data();
  };
  LstmWeights found;
  found.features = static_cast<std::size_t>(find(weights, "lstm.weight_ih_l0")->shape[1]);
  for (const std::size_t layer : {0U, 1U}) {
    const std::string end = "_l" + std::to_string(layer);
    found.layers[layer] = {layer == 0 ? found.features : kHidden, values("lstm.weight_ih" + end),
                           values("lstm.weight_hh" + end), values("lstm.bias_ih" + end),
                           values("lstm.bias_hh" + end)};
  }
  found.head1 = values("fc1.weight");
  found.head1_bias = values("fc1.bias");
  found.head2 = values("fc2.weight");
  found.head2_bias = values("fc2.bias");
  return found;
}

}  // namespace hftsim::models
