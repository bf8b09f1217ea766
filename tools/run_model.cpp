#include "tools/run_model.h"

#include <algorithm>
#include <numeric>
#include <system_error>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "models/bundle_check.h"
#include "tools/model_inputs.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

models::Precision parse_precision(const std::string& word) {
  using models::Precision;
  for (const Precision precision : {Precision::fp32, Precision::int16, Precision::int8}) {
    if (word == name_of(precision)) return precision;
  }
  throw BadInput("model.precision", "'" + word + "'", "fp32, int16 or int8");
}

models::ModelRequest request_of(const RunConfig& config) {
  return {models::parse_predictor(config.model.predictor, "model.predictor"),
          parse_precision(config.model.precision), static_cast<unsigned>(config.model.threads)};
}

// Shares of 1; alike where none are given.
std::vector<double> shares_of(const RunConfig& config) {
  std::vector<double> weights = config.model.weights;
  if (weights.empty()) weights.assign(config.model.path.size(), 1);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

std::unique_ptr<Executor> executor_of(const RunConfig& config) {
  if (config.model.threads == 1) return std::make_unique<Executor>();
  try {
    return std::make_unique<WorkerPool>(static_cast<unsigned>(config.model.threads));
  } catch (const std::system_error& error) {
    throw BadInput("model.threads", std::to_string(config.model.threads),
                   std::string("as many threads as can be started (") + error.what() + ")");
  }
}

// Against what the config lists, where models that are trained here have the same order (bar_features.h); what
// they need besides is added in their own. The default windows are nobody's word: a kept config names them too.
void check_features(const RunConfig& config, const models::ModelBundle& bundle) {
  std::string list;
  for (const std::string& name : config.features.list) list += name + ",";
  for (const std::string& name : bundle.metadata.features) list += name + ",";
  const bool named = config.features.windows != RunConfig().features.windows;
  const std::vector<std::uint32_t>& own = bundle.metadata.windows;
  const std::vector<std::uint32_t> windows = feature_windows(config);
  const auto names = features::parse_feature_list(list, named || own.empty() ? windows : own);
  models::check_features(bundle.metadata, names, named ? windows : std::vector<std::uint32_t>(),
                         bundle.path.string());
}

}  // namespace

RunModel::RunModel(const RunConfig& config) : weights_(shares_of(config)) {
  if (config.model.path.empty()) return;
  models::ModelRequest request = request_of(config);
  for (const std::string& path : config.model.path) {
    models::ModelBundle bundle = models::read_bundle(path);
    check_features(config, bundle);
    models_.emplace_back(std::move(bundle), request);
    request.scratch_bytes_max -= models_.back().scratch_bytes();
  }
  executor_ = executor_of(config);
  start_ns_ = time_of(config.run.start, "run.start", INT64_MIN);
  for (const std::string& from : config.model.from) from_ns_.push_back(time_of(from, "model.from", 0));
  for (std::size_t m = 0; m < from_ns_.size(); ++m) check_blind(m);
}

// A model that speaks from some time on may have learnt from nothing that comes after it.
void RunModel::check_blind(std::size_t model) const {
  const models::ModelBundle& bundle = models_[model].bundle();
  const models::TrainingRange& range = bundle.metadata.training;
  const std::string for_bundle = iso_utc(Timestamp(from_ns_[model])) + " for " + bundle.path.string();
  const std::int64_t seen_ns = std::max(parse_time(range.last), parse_time(range.validation_last));
  if (seen_ns == kNoTime) {
    throw BadInput("model.from", for_bundle, "a bundle that says when its training ended (training.last)");
  }
  if (seen_ns < from_ns_[model]) return;
  throw BadInput(
      "model.from", for_bundle,
      "a time after " + iso_utc(Timestamp(seen_ns)) + ": the model learnt from the bars up to there");
}

std::vector<std::string> RunModel::features() const {
  std::vector<std::string> all;
  for (const models::LoadedModel& model : models_) {
    for (const std::string& name : model.bundle().metadata.features) {
      if (std::ranges::count(all, name) == 0) all.push_back(name);
    }
  }
  return all;
}

bool RunModel::is_native() const {
  return std::ranges::all_of(models_, &models::LoadedModel::is_native);
}

std::unique_ptr<inference::InferenceStage> RunModel::make_stage(const FeatureNames& names,
                                                                std::size_t instruments,
                                                                std::uint32_t block_events, Feeding feeding) {
  if (empty()) return nullptr;
  std::vector<inference::StageMember> members;
  for (std::size_t m = 0; m < models_.size(); ++m) members.push_back(member(m, names));
  return stage(std::move(members), instruments, block_events, feeding);
}

std::unique_ptr<inference::InferenceStage> RunModel::make_live_stage(const FeatureNames& names) {
  if (empty()) return nullptr;
  const bool takes_turns = !from_ns_.empty();
  std::vector<inference::StageMember> members;
  for (std::size_t m = 0; m < (takes_turns ? 1 : models_.size()); ++m) {
    members.push_back(member(m, names));
    members.back().from_ns = INT64_MIN, members.back().until_ns = INT64_MAX;
  }
  return stage(std::move(members), 1, 1, Feeding::live);
}

std::unique_ptr<inference::InferenceStage> RunModel::stage(std::vector<inference::StageMember> members,
                                                           std::size_t instruments,
                                                           std::uint32_t block_events, Feeding feeding) {
  for (std::size_t m = 0; m < members.size(); ++m) {
    for (std::size_t i = 0; i < instruments; ++i) {
      members[m].predictors.push_back(feeding == Feeding::live
                                          ? models_[m].make_live_predictor(*executor_, block_events)
                                          : models_[m].make_predictor(*executor_, block_events));
    }
  }
  auto made = std::make_unique<inference::InferenceStage>(std::move(members), instruments, block_events);
  made->count_from(start_ns_);
  return made;
}

inference::StageMember RunModel::member(std::size_t model, const FeatureNames& names) const {
  const models::BundleMetadata& metadata = models_[model].bundle().metadata;
  inference::StageMember made;
  made.name = models_[model].bundle().path.string();
  for (const std::string& name : metadata.features) made.slots.push_back(names.slot(name));
  made.scaler = scaler_of(metadata);
  made.lookback = metadata.stateful ? 0 : metadata.lookback;
  made.weight = weights_[model];
  if (!from_ns_.empty()) {
    made.from_ns = from_ns_[model];
    if (model + 1 < from_ns_.size()) made.until_ns = from_ns_[model + 1];
  }
  made.trained_until_ns = parse_time(metadata.training.last);
  made.validated_until_ns = parse_time(metadata.training.validation_last);
  return made;
}

}  // namespace hftsim
