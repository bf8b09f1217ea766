// BundleMetadata to and from hftsim.json. The fields, as a table: docs/models.md.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "engine/core/errors.h"
#include "models/bundle.h"
#include "models/metadata_check.h"
#include "models/strict_json.h"

namespace hftsim::models {
namespace {

const std::array<std::string, 13> kFields = {
    "format", "architecture", "stateful", "features",       "windows", "lookback",    "horizon",
    "scaler", "training",     "metrics",  "weights_sha256", "probe",   "quantization"};
const std::array<std::string, 3> kScalerFields = {"mean", "scale", "non_finite"};
const std::array<std::string, 5> kTrainingFields = {"first", "last", "rows", "validation_rows",
                                                    "validation_last"};
constexpr std::uint64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();

void expect_known_format(const JsonField& format) {
  const std::uint64_t version = format.count(1);
  if (version > kBundleFormat)
    throw BadInput(format.place(), std::to_string(version),
                   fmt::format("at most {}: the bundle needs a newer hftsim", kBundleFormat));
}

std::vector<double> numbers(const JsonField& list) {
  std::vector<double> values;
  for (const JsonField& entry : list.entries(kFeaturesMax)) values.push_back(entry.number());
  return values;
}

std::uint32_t uint32(const JsonField& field) {
  return static_cast<std::uint32_t>(field.count(0, kUint32Max));
}

void read_inputs(const JsonField& json, BundleMetadata& metadata) {
  for (const JsonField& name : json["features"].entries(kFeaturesMax))
    metadata.features.push_back(name.text());
  if (json.has("windows")) {
    for (const JsonField& window : json["windows"].entries(kWindowsMax))
      metadata.windows.push_back(uint32(window));
  }
  metadata.lookback = uint32(json["lookback"]);
  metadata.horizon = uint32(json["horizon"]);
  const JsonField scaler = json["scaler"];
  scaler.expect_only(kScalerFields);
  metadata.scaler_mean = numbers(scaler["mean"]);
  metadata.scaler_scale = numbers(scaler["scale"]);
  if (scaler.has("non_finite")) metadata.non_finite = scaler["non_finite"].number();
}

void read_training(const JsonField& json, TrainingRange& training) {
  json.expect_only(kTrainingFields);
  if (json.has("first")) training.first = json["first"].text();
  if (json.has("last")) training.last = json["last"].text();
  if (json.has("rows")) training.rows = json["rows"].count();
  if (json.has("validation_rows")) training.validation_rows = json["validation_rows"].count();
  if (json.has("validation_last")) training.validation_last = json["validation_last"].text();
}

// null: undefined, as where no row of a class was validated.
void read_metrics(const JsonField& json, std::map<std::string, double>& metrics) {
  for (const std::string& name : json.keys()) {
    const JsonField value = json[name];
    metrics[name] = value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.number();
  }
}

}  // namespace

BundleMetadata parse_metadata(const std::string& text, const std::string& place) {
  const nlohmann::json value = parse_json_object(text, place);
  const JsonField json(value, place);
  expect_known_format(json["format"]);
  json.expect_only(kFields);
  BundleMetadata metadata;
  metadata.architecture = json["architecture"].text();
  if (json.has("stateful")) metadata.stateful = json["stateful"].flag();
  read_inputs(json, metadata);
  if (json.has("training")) read_training(json["training"], metadata.training);
  if (json.has("metrics")) read_metrics(json["metrics"], metadata.metrics);
  if (json.has("weights_sha256")) metadata.weights_sha256 = json["weights_sha256"].text();
  if (json.has("probe")) metadata.probe = numbers(json["probe"]);
  if (json.has("quantization")) metadata.quantization = json["quantization"].text();
  check_metadata(metadata, place);
  return metadata;
}

std::string to_json(const BundleMetadata& metadata) {
  check_metadata(metadata, kMetadataFile);
  nlohmann::ordered_json json;
  json["format"] = metadata.format;
  json["architecture"] = metadata.architecture;
  json["stateful"] = metadata.stateful;
  json["features"] = metadata.features;
  json["windows"] = metadata.windows;
  json["lookback"] = metadata.lookback;
  json["horizon"] = metadata.horizon;
  json["scaler"] = {
      {"mean", metadata.scaler_mean}, {"scale", metadata.scaler_scale}, {"non_finite", metadata.non_finite}};
  json["training"] = {{"first", metadata.training.first},
                      {"last", metadata.training.last},
                      {"rows", metadata.training.rows},
                      {"validation_rows", metadata.training.validation_rows},
                      {"validation_last", metadata.training.validation_last}};
  json["metrics"] = metadata.metrics;
  json["weights_sha256"] = metadata.weights_sha256;
  json["probe"] = metadata.probe;
  json["quantization"] = metadata.quantization;
  return json.dump(1) + "\n";
}

}  // namespace hftsim::models
