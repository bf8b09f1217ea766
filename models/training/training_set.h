// What a network is trained on: scaled rows, windows that are views of them, labels, and a split in time.
//
//   rows        0 ............................ split ................ count
//   training    windows that end at t with t + horizon < split: neither their labels nor the scaler look past it
//   validation  windows that end at t >= split; their lookback may reach back into training rows
//
// The label of a window that ends at t is 1 where close[t + horizon] > close[t], else 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/inference/input_scaler.h"

namespace hftsim::models {

// One instrument's feature rows in time order, column by column: feature k of row i is columns[k * stride + i].
// Rows whose features are not filled yet (warm-up) are left out by the caller.
struct FeatureRows {
  const double* columns = nullptr;
  std::size_t stride = 0;
  std::vector<std::string> names;  // of the features, in the order of the model's inputs
  std::span<const double> close;   // one per row; finite
};

struct TrainingSetOptions {
  std::uint32_t lookback = 60;    // rows in a window
  std::uint32_t horizon = 1;      // bars over which the close rises
  double validation_split = 0.2;  // the last share of the rows, in (0, 1)
};

struct WindowSet {
  std::vector<std::uint32_t> first_rows;  // of each window, in time order
  std::vector<float> labels;              // 0 or 1

  std::size_t size() const { return labels.size(); }
};

struct TrainingSet {
  TrainingSetOptions options;
  std::uint32_t features = 0;
  std::size_t row_count = 0;
  std::size_t split_row = 0;  // the first row of validation
  std::vector<float> rows;    // scaled, row-major (row_count, features)
  inference::InputScaler scaler;
  std::vector<std::uint64_t> non_finite;  // per feature: values that are 0 in `rows` and not in the scaler
  WindowSet training, validation;
};

// Throws BadInput: options out of range.
void check_options(const TrainingSetOptions& options);

// The first row of validation.
std::size_t split_row_of(std::size_t rows, double validation_split);

// Throws BadInput, naming the row, where a close is not finite.
void check_closes(std::span<const double> close);

// The label of a window that ends at `row`.
inline bool rises_from(std::span<const double> close, std::size_t row, std::uint32_t horizon) {
  return close[row + horizon] > close[row];
}

// The scaler has the mean and the population standard deviation of the finite values of rows before the split
// (two passes; Chan, Golub, LeVeque 1983), and 1 for a feature that is constant there.
//
// Throws BadInput: options out of range, fewer rows than windows need, closes that are not finite, a feature
// without one finite value before the split, labels of one class only.
TrainingSet make_training_set(const FeatureRows& input, const TrainingSetOptions& options);

}  // namespace hftsim::models
