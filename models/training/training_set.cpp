#include "models/training/training_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/errors.h"

namespace hftsim::models {

namespace {

struct Scale {
  double mean = 0, deviation = 1;
};

// Shifted by the first value, so that a constant has its own mean to the bit.
double mean_of(std::span<const double> values, std::uint64_t& finite) {
  double first = std::numeric_limits<double>::quiet_NaN(), sum = 0;
  finite = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    if (finite++ == 0) first = value;
    sum += value - first;
  }
  return first + sum / static_cast<double>(finite);
}

Scale scale_of(std::span<const double> values, const std::string& name) {
  std::uint64_t finite = 0;
  const double mean = mean_of(values, finite);
  if (finite == 0) {
    throw BadInput(name, fmt::format("no finite value in {} training rows", values.size()),
                   "a feature with values, or a model without it");
  }
  double squares = 0, rest = 0;  // rest: what rounding left in the mean
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    squares += (value - mean) * (value - mean);
    rest += value - mean;
  }
  const auto count = static_cast<double>(finite);
  const double deviation = std::sqrt(std::max(squares - rest * rest / count, 0.0) / count);
  if (!std::isfinite(mean) || !std::isfinite(deviation)) {
    throw BadInput(name, "values too large for a standard deviation", "values below 1e150");
  }
  // What rounding alone makes of a constant is no deviation.
  const bool constant = deviation <= 10 * std::numeric_limits<double>::epsilon() * std::fabs(mean);
  return {mean, constant ? 1.0 : deviation};
}

// Two windows on each side are the least that can show two classes.
void check_size(std::size_t rows, std::size_t split, const TrainingSetOptions& options) {
  const std::size_t before = std::size_t{options.lookback} + options.horizon + 1;
  const std::size_t behind = std::size_t{options.horizon} + 2;
  if (rows > std::numeric_limits<std::uint32_t>::max()) {
    throw BadInput("training data", fmt::format("{} rows", rows), "fewer than 2^32");
  }
  if (split >= before && rows - split >= behind) return;
  throw BadInput(
      "training data", fmt::format("{} rows, {} to train and {} to validate", rows, split, rows - split),
      fmt::format("at least {} to train (lookback {} + horizon {} + 1) and {} to validate (horizon + 2)",
                  before, options.lookback, options.horizon, behind));
}

// Windows that end at rows first_end .. past_end - 1.
WindowSet windows_that_end(std::size_t first_end, std::size_t past_end, std::span<const double> close,
                           const TrainingSetOptions& options) {
  WindowSet windows;
  for (std::size_t end = first_end; end < past_end; ++end) {
    windows.first_rows.push_back(static_cast<std::uint32_t>(end + 1 - options.lookback));
    windows.labels.push_back(rises_from(close, end, options.horizon) ? 1.0F : 0.0F);
  }
  return windows;
}

void expect_both_classes(const WindowSet& windows, const char* what) {
  const auto ups = std::count(windows.labels.begin(), windows.labels.end(), 1.0F);
  if (ups == 0 || static_cast<std::size_t>(ups) == windows.size()) {
    throw BadInput(what, fmt::format("{} windows of which {} rise", windows.size(), ups),
                   "some that rise and some that do not");
  }
}

void fit_scaler(const FeatureRows& input, TrainingSet& set) {
  for (std::size_t k = 0; k < set.features; ++k) {
    const std::span column(input.columns + k * input.stride, set.row_count);
    const Scale scale = scale_of(column.first(set.split_row), input.names[k]);
    set.scaler.mean.push_back(scale.mean);
    set.scaler.scale.push_back(scale.deviation);
    set.non_finite.push_back(static_cast<std::uint64_t>(
        std::count_if(column.begin(), column.end(), [](double value) { return !std::isfinite(value); })));
  }
}

void scale_rows(const FeatureRows& input, TrainingSet& set) {
  std::vector<std::uint32_t> slots(set.features);
  std::iota(slots.begin(), slots.end(), 0U);
  set.rows.resize(set.row_count * set.features);
  constexpr std::size_t kRows = 256;  // so that what is written stays in the cache
  for (std::size_t i = 0; i < set.row_count; i += kRows) {
    set.scaler.apply(input.columns + i, input.stride, slots, std::min(kRows, set.row_count - i),
                     set.rows.data() + i * set.features);
  }
}

}  // namespace

void check_options(const TrainingSetOptions& options) {
  const auto at_least_1 = [](const char* name, std::uint32_t value) {
    if (value == 0) throw BadInput(name, "0", "1 or more");
  };
  at_least_1("lookback", options.lookback);
  at_least_1("horizon", options.horizon);
  const double split = options.validation_split;
  if (!(split > 0 && split < 1)) throw BadInput("validation_split", fmt::format("{}", split), "within 0..1");
}

std::size_t split_row_of(std::size_t rows, double validation_split) {
  return rows - static_cast<std::size_t>(static_cast<double>(rows) * validation_split);
}

void check_closes(std::span<const double> close) {
  for (std::size_t i = 0; i < close.size(); ++i) {
    if (!std::isfinite(close[i])) {
      throw BadInput(fmt::format("close of row {}", i), fmt::format("{}", close[i]), "a finite price");
    }
  }
}

TrainingSet make_training_set(const FeatureRows& input, const TrainingSetOptions& options) {
  check_options(options);
  const std::size_t rows = input.close.size();
  assert(!input.names.empty() && input.stride >= rows);
  const std::size_t split = split_row_of(rows, options.validation_split);
  check_size(rows, split, options);
  check_closes(input.close);

  TrainingSet set{.options = options,
                  .features = static_cast<std::uint32_t>(input.names.size()),
                  .row_count = rows,
                  .split_row = split,
                  .rows = {},
                  .scaler = {},
                  .non_finite = {},
                  .training = {},
                  .validation = {}};
  const std::size_t first_end = options.lookback - 1U;
  set.training = windows_that_end(first_end, split - options.horizon, input.close, options);
  set.validation = windows_that_end(split, rows - options.horizon, input.close, options);
  expect_both_classes(set.training, "training rows");
  expect_both_classes(set.validation, "validation rows");
  fit_scaler(input, set);
  scale_rows(input, set);
  return set;
}

}  // namespace hftsim::models
