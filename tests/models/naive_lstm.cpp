#include "tests/models/naive_lstm.h"

#include <algorithm>
#include <cmath>

#include "engine/core/rng.h"

namespace hftsim::models {

namespace {

constexpr std::size_t kUnits = 64;

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

NamedTensor random_tensor(std::string name, std::vector<std::int64_t> shape, double bound,
                          std::uint64_t seed) {
  RandomStream random(seed, name);
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  NamedTensor tensor{std::move(name), std::move(shape), std::vector<float>(count)};
  for (float& value : tensor.values) value = static_cast<float>((2 * random.uniform() - 1) * bound);
  return tensor;
}

}  // namespace

std::vector<NamedTensor> random_price_lstm(std::size_t features, std::uint64_t seed, double factor) {
  const double lstm = factor / std::sqrt(64.0), head2 = factor / std::sqrt(32.0);
  const auto inputs = static_cast<std::int64_t>(features);
  return {random_tensor("lstm.weight_ih_l0", {256, inputs}, lstm, seed),
          random_tensor("lstm.weight_hh_l0", {256, 64}, lstm, seed),
          random_tensor("lstm.bias_ih_l0", {256}, lstm, seed),
          random_tensor("lstm.bias_hh_l0", {256}, lstm, seed),
          random_tensor("lstm.weight_ih_l1", {256, 64}, lstm, seed),
          random_tensor("lstm.weight_hh_l1", {256, 64}, lstm, seed),
          random_tensor("lstm.bias_ih_l1", {256}, lstm, seed),
          random_tensor("lstm.bias_hh_l1", {256}, lstm, seed),
          random_tensor("fc1.weight", {32, 64}, lstm, seed),
          random_tensor("fc1.bias", {32}, lstm, seed),
          random_tensor("fc2.weight", {1, 32}, head2, seed),
          random_tensor("fc2.bias", {1}, head2, seed)};
}

std::vector<float> random_rows(std::size_t count, std::size_t features, std::uint64_t seed) {
  RandomStream random(seed, "rows");
  std::vector<float> rows(count * features);
  for (float& value : rows) value = static_cast<float>(random.normal());
  return rows;
}

NaiveLstm::NaiveLstm(std::span<const NamedTensor> weights) {
  for (const NamedTensor& tensor : weights) tensors_[tensor.name] = tensor.values;
  features_ = tensors_.at("lstm.weight_ih_l0").size() / (4 * kUnits);
  forget();
}

void NaiveLstm::forget() {
  for (auto& hidden : hidden_) hidden.assign(kUnits, 0);
  for (auto& cell : cell_) cell.assign(kUnits, 0);
}

NaiveLstm::Values NaiveLstm::linear(const std::string& weight, const std::string& bias,
                                    const Values& input) const {
  const std::vector<float>& w = tensors_.at(weight);
  const std::vector<float>& b = tensors_.at(bias);
  Values out(b.begin(), b.end());
  for (std::size_t row = 0; row < out.size(); ++row) {
    for (std::size_t k = 0; k < input.size(); ++k)
      out[row] += static_cast<double>(w[row * input.size() + k]) * input[k];
  }
  return out;
}

void NaiveLstm::step(const std::string& layer, const Values& input, Values& hidden, Values& cell) const {
  const Values in = linear("lstm.weight_ih_" + layer, "lstm.bias_ih_" + layer, input);
  const Values before = linear("lstm.weight_hh_" + layer, "lstm.bias_hh_" + layer, hidden);
  const auto gate = [&](std::size_t which, std::size_t unit) {
    return in[which * kUnits + unit] + before[which * kUnits + unit];
  };
  for (std::size_t u = 0; u < kUnits; ++u) {
    cell[u] = sigmoid(gate(1, u)) * cell[u] + sigmoid(gate(0, u)) * std::tanh(gate(2, u));
    hidden[u] = sigmoid(gate(3, u)) * std::tanh(cell[u]);
  }
}

double NaiveLstm::next(const float* row) {
  step("l0", Values(row, row + features_), hidden_[0], cell_[0]);
  step("l1", Values(hidden_[0]), hidden_[1], cell_[1]);
  Values middle = linear("fc1.weight", "fc1.bias", hidden_[1]);
  for (double& value : middle) value = std::max(value, 0.0);
  return sigmoid(linear("fc2.weight", "fc2.bias", middle)[0]);
}

double NaiveLstm::window(const float* rows, std::size_t lookback) {
  forget();
  double probability = 0;
  for (std::size_t row = 0; row < lookback; ++row) probability = next(rows + row * features_);
  return probability;
}

}  // namespace hftsim::models
