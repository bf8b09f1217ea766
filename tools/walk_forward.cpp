#include "tools/walk_forward.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"
#include "engine/core/executor.h"
#include "models/loaded_model.h"
#include "tools/model_inputs.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

constexpr std::size_t kMostRows = 1'000'000'000;

void require_rows(std::size_t value, const char* key) {
  if (value >= 1 && value <= kMostRows) return;
  throw BadInput(key, std::to_string(value), "1 to " + std::to_string(kMostRows) + " bars");
}

void check_times(const BarFeatures& rows, const Fold& fold, const models::TrainingRange& range,
                 const std::string& place) {
  const Timestamp last = rows.closed_at(fold.test_first - 1);
  for (const std::string& seen : {range.last, range.validation_last}) {
    const std::int64_t seen_ns = parse_time(seen);
    if (seen_ns != kNoTime && seen_ns <= last.value) continue;
    throw BadInput(place + ": training", seen.empty() ? "no time" : seen,
                   "at most " + iso_utc(last) + ", before its test");
  }
}

void check_scaler(const BarFeatures& rows, const Fold& fold, const models::BundleMetadata& model,
                  const TrainingOptions& options, const std::string& place) {
  const models::TrainingSet blind =
      make_training_set(rows.slice(fold.train_first, fold.test_first), options.set);
  for (std::size_t k = 0; k < rows.names().size(); ++k) {
    const bool same =
        model.scaler_mean[k] == blind.scaler.mean[k] && model.scaler_scale[k] == blind.scaler.scale[k];
    if (same) continue;
    throw BadInput(place + ": scaler of " + rows.names()[k], std::to_string(model.scaler_mean[k]),
                   std::to_string(blind.scaler.mean[k]) + ", the mean of the training rows alone");
  }
}

}  // namespace

std::vector<Fold> plan_folds(std::size_t rows, const WalkForwardPlan& plan) {
  require_rows(plan.train_rows, "--train-bars");
  require_rows(plan.test_rows, "--test-bars");
  require_rows(plan.step_rows, "--step");
  if (plan.step_rows > plan.test_rows) {
    throw BadInput("--step", std::to_string(plan.step_rows),
                   "at most --test-bars, " + std::to_string(plan.test_rows) +
                       ": bars in between would be tested by nobody");
  }
  if (rows <= plan.train_rows) {
    throw BadInput("--train-bars", std::to_string(plan.train_rows),
                   "fewer than the " + std::to_string(rows) + " bars on which every feature is known");
  }
  std::vector<Fold> folds;
  for (std::size_t first = 0; first + plan.train_rows < rows; first += plan.step_rows) {
    const std::size_t test_first = first + plan.train_rows;
    if (!folds.empty()) folds.back().test_last = test_first;
    folds.push_back({first, test_first, std::min(rows, test_first + plan.test_rows)});
    if (folds.back().test_last == rows) break;  // what follows would only repeat its end
  }
  return folds;
}

void check_fold(const BarFeatures& rows, const Fold& fold, const models::BundleMetadata& model,
                const TrainingOptions& options, const std::string& place) {
  if (model.features != rows.names()) {
    throw BadInput(place + ": features", std::to_string(model.features.size()) + " others",
                   "those of this run");
  }
  check_times(rows, fold, model.training, place);
  check_scaler(rows, fold, model, options, place);
}

FoldForecast forecast(const BarFeatures& rows, const Fold& fold, const std::filesystem::path& bundle) {
  const models::LoadedModel model(models::read_bundle(bundle), {});
  const models::BundleMetadata& metadata = model.bundle().metadata;
  const std::size_t before = std::min<std::size_t>(metadata.lookback - 1, fold.test_first);
  const std::size_t first = fold.test_first - before, count = fold.test_last - first;
  const std::vector<float> inputs = scaled_inputs(rows, first, fold.test_last, metadata);
  std::vector<float> said(count);
  Executor executor;
  model.make_predictor(executor, 256)->predict(inputs.data(), count, said.data());

  FoldForecast result;
  const std::span<const double> close = rows.slice(0, rows.rows()).close;
  for (std::size_t row = fold.test_first; row < fold.test_last; ++row) {
    const std::size_t outcome = row + metadata.horizon;
    if (outcome >= rows.rows() || std::isnan(said[row - first])) continue;
    result.probabilities.push_back(said[row - first]);
    result.labels.push_back(models::rises_from(close, row, metadata.horizon) ? 1.0F : 0.0F);
  }
  return result;
}

}  // namespace hftsim
