#include "models/torch/adam.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim::models {

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

std::size_t size_bytes(const std::vector<at::Tensor>& tensors) {
  std::size_t bytes = 0;
  for (const at::Tensor& tensor : tensors) bytes += static_cast<std::size_t>(tensor.numel()) * sizeof(float);
  return bytes;
}

void append(std::string& bytes, const std::vector<at::Tensor>& tensors) {
  for (const at::Tensor& tensor : tensors) {
    const at::Tensor values = tensor.to(c10::kCPU).contiguous();
    bytes.append(reinterpret_cast<const char*>(values.data_ptr<float>()), values.nbytes());
  }
}

const char* fill(std::vector<at::Tensor>& tensors, const char* bytes) {
  for (at::Tensor& tensor : tensors) {
    const at::Tensor values = tensor.to(c10::kCPU, c10::kFloat, false, true);
    std::memcpy(values.data_ptr<float>(), bytes, values.nbytes());
    tensor.copy_(values);
    bytes += values.nbytes();
  }
  return bytes;
}

}  // namespace

Adam::Adam(std::vector<at::Tensor> parameters, double learning_rate)
    : parameters_(std::move(parameters)), learning_rate_(learning_rate) {
  const at::NoGradGuard no_gradients;
  for (const at::Tensor& parameter : parameters_) {
    means_.push_back(at::zeros_like(parameter));
    squares_.push_back(at::zeros_like(parameter));
  }
}

void Adam::zero_gradients() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void Adam::step() {
  const at::NoGradGuard no_gradients;
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  const double correction1 = 1 - std::pow(kBeta1, steps), correction2 = 1 - std::pow(kBeta2, steps);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    means_[i].mul_(kBeta1).add_(gradient, 1 - kBeta1);
    squares_[i].mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    const at::Tensor scale = squares_[i].sqrt().div_(std::sqrt(correction2)).add_(kEpsilon);
    parameters_[i].addcdiv_(means_[i], scale, -learning_rate_ / correction1);
  }
}

std::string Adam::state() const {
  std::string bytes(sizeof steps_, '\0');
  std::memcpy(bytes.data(), &steps_, sizeof steps_);
  append(bytes, means_);
  append(bytes, squares_);
  return bytes;
}

void Adam::set_state(const std::string& state) {
  const std::size_t wanted = sizeof steps_ + 2 * size_bytes(means_);
  if (state.size() != wanted) {
    throw BadInput("optimizer state", std::to_string(state.size()) + " bytes", std::to_string(wanted));
  }
  const at::NoGradGuard no_gradients;
  std::memcpy(&steps_, state.data(), sizeof steps_);
  fill(squares_, fill(means_, state.data() + sizeof steps_));
}

}  // namespace hftsim::models
