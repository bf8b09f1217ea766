// PriceLSTM by its definition, one value after the other in double; with random weights and rows to run it on.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/named_tensor.h"

namespace hftsim::models {

// Drawn as torch.nn initialises: uniform within 1 / sqrt(64) for the LSTM, 1 / sqrt(inputs) for the linear
// layers; times `factor`.
std::vector<NamedTensor> random_price_lstm(std::size_t features, std::uint64_t seed, double factor = 1);

// Standard normal.
std::vector<float> random_rows(std::size_t count, std::size_t features, std::uint64_t seed);

class NaiveLstm {
 public:
  explicit NaiveLstm(std::span<const NamedTensor> weights);

  // The probability after one more row, from the state that the rows before left.
  double next(const float* row);
  void forget();

  // The probability of one window, from the state zero.
  double window(const float* rows, std::size_t lookback);

  std::size_t features() const { return features_; }

 private:
  using Values = std::vector<double>;
  void step(const std::string& layer, const Values& input, Values& hidden, Values& cell) const;
  Values linear(const std::string& weight, const std::string& bias, const Values& input) const;

  std::map<std::string, std::vector<float>> tensors_;
  std::size_t features_;
  Values hidden_[2], cell_[2];
};

}  // namespace hftsim::models
