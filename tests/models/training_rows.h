// Seeded features and closes for the tests of training; some feature may foretell the next close.
#pragma once

#include <string>
#include <vector>

#include "engine/core/rng.h"
#include "models/training/training_set.h"

namespace hftsim::models {

struct TrainingRows {
  std::vector<double> columns;  // features one after the other
  std::vector<double> close;
  std::vector<std::string> names;

  FeatureRows view() const { return {columns.data(), close.size(), names, close}; }
  double& at(std::size_t feature, std::size_t row) { return columns[feature * close.size() + row]; }
};

// Closes wander; feature 0 is `foresight` times the next change plus noise, the others are noise of other sizes.
inline TrainingRows make_rows(std::size_t count, std::size_t features, double foresight = 0,
                              std::uint64_t seed = 1) {
  TrainingRows rows;
  rows.columns.resize(count * features);
  rows.close.resize(count);
  for (std::size_t k = 0; k < features; ++k) rows.names.push_back("feature_" + std::to_string(k));
  RandomStream random(seed, "training rows");
  double close = 100;
  for (std::size_t i = 0; i < count; ++i) {
    rows.close[i] = close;
    const double change = random.normal();
    close += change;
    for (std::size_t k = 0; k < features; ++k) {
      rows.at(k, i) = static_cast<double>(k + 1) * 10 + static_cast<double>(k + 1) * random.normal();
    }
    rows.at(0, i) += foresight * change;
  }
  return rows;
}

}  // namespace hftsim::models
