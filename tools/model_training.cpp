#include "tools/model_training.h"

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>

#include "engine/core/errors.h"
#include "models/metadata_check.h"
#include "models/probe.h"
#include "models/torch_loader.h"
#include "replay/file_hash.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

models::NetworkSpec network_spec(const TrainingOptions& options, const models::TrainingSet& set) {
  models::NetworkSpec spec;
  spec.architecture = options.architecture;
  spec.features = set.features;
  spec.lookback = options.set.lookback;
  spec.learning_rate = options.learning_rate;
  spec.seed = options.trainer.seed;
  spec.device = options.device;
  spec.threads = options.threads;
  return spec;
}

std::map<std::string, double> metrics_of(const TrainedModel& model) {
  const models::Evaluation& e = model.validation;
  return {{"accuracy", e.accuracy},
          {"baseline", e.baseline},
          {"p_value", e.p_value},
          {"loss", e.log_loss},
          {"brier", e.brier},
          {"auc", e.auc},
          {"calibration_error", e.calibration_error},
          {"share_of_rises", static_cast<double>(e.rises) / static_cast<double>(e.count)},
          {"windows", static_cast<double>(e.count)},
          {"best_epoch", model.result.best_epoch}};
}

// Training saw the labels of its last windows, and so the rows up to the split; validation all of them.
models::TrainingRange range_of(const BarFeatures& rows, std::size_t first, const models::TrainingSet& set) {
  models::TrainingRange range;
  range.first = iso_utc(rows.closed_at(first));
  range.last = iso_utc(rows.closed_at(first + set.split_row - 1));
  range.rows = set.split_row;
  range.validation_rows = set.row_count - set.split_row;
  range.validation_last = iso_utc(rows.closed_at(first + set.row_count - 1));
  return range;
}

// What the network answers to the rows that every language can make.
std::vector<double> probe_of(models::TrainableNetwork& network, const models::TrainingSet& set) {
  const std::vector<float> rows = models::probe_rows(set.options.lookback, set.features);
  network.set_rows(rows.data(), rows.size() / set.features);
  std::vector<std::uint32_t> first_rows(models::kProbeWindows);
  std::iota(first_rows.begin(), first_rows.end(), 0U);
  std::vector<float> answers(first_rows.size());
  network.predict(first_rows, answers);
  network.set_rows(set.rows.data(), set.row_count);
  return {answers.begin(), answers.end()};
}

models::BundleMetadata metadata_of(const TrainingOptions& options, const models::FeatureRows& input,
                                   const models::TrainingSet& set) {
  models::BundleMetadata metadata;
  metadata.architecture = options.architecture;
  metadata.features = input.names;
  metadata.windows = options.windows;
  metadata.lookback = options.set.lookback;
  metadata.horizon = options.set.horizon;
  metadata.scaler_mean = set.scaler.mean;
  metadata.scaler_scale = set.scaler.scale;
  metadata.non_finite = set.scaler.non_finite;
  return metadata;
}

std::vector<std::string> replaced_of(const models::TrainingSet& set, const std::vector<std::string>& names) {
  std::vector<std::string> replaced;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (set.non_finite[k] > 0) replaced.push_back(names[k] + ": " + std::to_string(set.non_finite[k]));
  }
  return replaced;
}

std::uint64_t rises_of(const models::WindowSet& windows) {
  return static_cast<std::uint64_t>(std::ranges::count(windows.labels, 1.0F));
}

void save(const models::TrainableNetwork& network, TrainedModel& model, const std::filesystem::path& out) {
  const std::string weights = models::to_safetensors(network.weights());
  model.metadata.weights_sha256 = sha256_of_text(weights);
  network.save(out.string(),
               {{models::kMetadataFile, models::to_json(model.metadata)}, {models::kWeightsFile, weights}});
}

TrainedModel train_and_save(const BarFeatures& rows, std::size_t first, std::size_t last,
                            const TrainingOptions& options, const std::filesystem::path& out,
                            const models::TrainingObserver& observer) {
  const models::FeatureRows input = rows.slice(first, last);
  const models::TrainingSet set = models::make_training_set(input, options.set);
  const models::BundleMetadata metadata = metadata_of(options, input, set);
  models::check_metadata(metadata, out.string());  // before it costs an epoch
  const auto network = models::torch_plugin().make_network(network_spec(options, set));
  TrainedModel model;
  model.device = network->device();
  model.training_windows = set.training.size();
  model.training_rises = rises_of(set.training);
  model.non_finite = replaced_of(set, input.names);
  model.result = models::train(*network, set, options.trainer, observer);
  model.metadata = metadata;
  if (model.result.best_epoch == 0) return model;
  model.validation = models::evaluate(models::predict(*network, set.validation), set.validation.labels);
  model.metadata.training = range_of(rows, first, set);
  model.metadata.metrics = metrics_of(model);
  model.metadata.probe = probe_of(*network, set);
  save(*network, model, out);
  return model;
}

}  // namespace

TrainedModel train_model(const BarFeatures& rows, std::size_t first, std::size_t last,
                         const TrainingOptions& options, const std::filesystem::path& out,
                         const models::TrainingObserver& observer) {
  try {
    return train_and_save(rows, first, last, options, out, observer);
  } catch (const std::bad_alloc&) {
    throw IoFailure("out of memory: lower --batch (" + std::to_string(options.trainer.batch) +
                    "), --lookback (" + std::to_string(options.set.lookback) +
                    ") or the number of features (" + std::to_string(rows.names().size()) + ")");
  }
}

}  // namespace hftsim
