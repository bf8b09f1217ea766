#include "models/native/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "models/native/window_runner.h"

namespace hftsim::models {

namespace {

constexpr std::size_t kWindows = 64;

std::vector<float> probe(std::size_t rows, std::size_t features) {
  RandomStream random(1, "lstm precision probe");
  std::vector<float> values(rows * features);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

}  // namespace

double drift_bound(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      break;
    case Precision::int16:
      return 1e-4;
    case Precision::int8:
      return 5e-3;
  }
  return 0;
}

double measure_drift(const PackedLstm& exact, const PackedLstm& reduced, std::uint32_t lookback) {
  const std::vector<float> rows = probe(kWindows + lookback - 1, exact.features());
  std::vector<float> expected(kWindows), got(kWindows);
  WindowRunner(exact, lookback).predict(rows.data(), kWindows, expected.data());
  WindowRunner(reduced, lookback).predict(rows.data(), kWindows, got.data());
  double drift = 0;
  for (std::size_t w = 0; w < kWindows; ++w)
    drift = std::max(drift, std::fabs(static_cast<double>(got[w]) - static_cast<double>(expected[w])));
  return drift;
}

void check_drift(Precision precision, double drift) {
  if (drift <= drift_bound(precision)) return;
  throw BadInput("model.precision",
                 fmt::format("{}, whose probabilities are up to {:.2g} off with these weights",
                             name_of(precision), drift),
                 fmt::format("{:.2g} at most: fp32 keeps them", drift_bound(precision)));
}

}  // namespace hftsim::models
