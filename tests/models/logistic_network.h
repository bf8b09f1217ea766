// The smallest network that can be trained: logistic regression on a window's last row, with momentum as the
// optimiser's state and noise on the inputs for dropout. Plain C++, so that the training loop is tested without
// LibTorch.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/rng.h"
#include "models/torch_plugin.h"

namespace hftsim::models {

class LogisticNetwork final : public TrainableNetwork {
 public:
  LogisticNetwork(std::uint32_t features, std::uint32_t lookback, double rate = 0.1)
      : lookback_(lookback), rate_(rate), weights_(features + 1), momentum_(features + 1) {}

  // What tests look at or plant.
  std::vector<std::vector<std::uint32_t>> batches;                 // the first rows of every train() call
  std::size_t nan_from = std::numeric_limits<std::size_t>::max();  // from that call on the loss is NaN

  std::string device() const override { return "cpu"; }
  void set_rows(const float* rows, std::size_t) override { rows_ = rows; }
  void seed(std::uint64_t seed) override { noise_ = RandomStream(seed, "noise"); }

  double train(std::span<const std::uint32_t> first_rows, std::span<const float> labels) override {
    batches.emplace_back(first_rows.begin(), first_rows.end());
    std::vector<double> gradient(weights_.size());
    double loss = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) loss += add_gradient(first_rows[i], labels[i], gradient);
    const auto count = static_cast<double>(labels.size());
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      momentum_[k] = 0.9F * momentum_[k] + static_cast<float>(gradient[k] / count);
      weights_[k] -= static_cast<float>(rate_) * momentum_[k];
    }
    return batches.size() > nan_from ? std::numeric_limits<double>::quiet_NaN() : loss / count;
  }

  void predict(std::span<const std::uint32_t> first_rows, std::span<float> probabilities) override {
    for (std::size_t i = 0; i < first_rows.size(); ++i) {
      probabilities[i] = static_cast<float>(probability(last_row(first_rows[i])));
    }
  }

  std::vector<NamedTensor> weights() const override {
    return {{"weights", {static_cast<std::int64_t>(weights_.size())}, weights_}};
  }
  void set_weights(std::span<const NamedTensor> weights) override { weights_ = weights.front().values; }

  std::string optimizer_state() const override {
    std::string bytes(momentum_.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), momentum_.data(), bytes.size());
    return bytes;
  }
  void set_optimizer_state(const std::string& state) override {
    std::memcpy(momentum_.data(), state.data(), state.size());
  }

  void save(const std::string&, const ExtraFiles&) const override {}

 private:
  const float* last_row(std::uint32_t first) const {
    return rows_ + (std::size_t{first} + lookback_ - 1) * (weights_.size() - 1);
  }

  double probability(const float* row) const {
    double z = double{weights_.back()};
    for (std::size_t k = 0; k + 1 < weights_.size(); ++k) z += double{weights_[k]} * double{row[k]};
    return 1 / (1 + std::exp(-z));
  }

  double add_gradient(std::uint32_t first, float label, std::vector<double>& gradient) {
    std::vector<float> row(last_row(first), last_row(first) + weights_.size() - 1);
    for (float& value : row) value += static_cast<float>(0.1 * noise_.normal());
    const double p = probability(row.data()), error = p - double{label};
    for (std::size_t k = 0; k < row.size(); ++k) gradient[k] += error * double{row[k]};
    gradient.back() += error;
    return -std::log(label > 0.5F ? p : 1 - p);
  }

  std::uint32_t lookback_;
  double rate_;
  std::vector<float> weights_, momentum_;
  const float* rows_ = nullptr;
  RandomStream noise_{0, "noise"};
};

}  // namespace hftsim::models
