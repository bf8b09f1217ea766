#include "models/metadata_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <regex>

#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "models/probe.h"
#include "models/safetensors.h"
#include "models/strict_json.h"

namespace hftsim::models {
namespace {

void expect_range(const std::string& place, std::uint64_t value, std::uint64_t min, std::uint64_t max) {
  if (value < min || value > max)
    throw BadInput(place, std::to_string(value), fmt::format("a whole number from {} to {}", min, max));
}

void check_features_list(const std::vector<std::string>& features, const std::string& place) {
  if (features.empty() || features.size() > kFeaturesMax)
    throw BadInput(place, fmt::format("{} names", features.size()), fmt::format("1 to {}", kFeaturesMax));
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::string at = fmt::format("{}[{}]", place, i);
    if (!is_plain_name(features[i])) throw BadInput(at, shown(features[i]), kPlainName);
    const auto [found, added] = first.emplace(features[i], i);
    if (!added)
      throw BadInput(at, fmt::format("'{}', which is number {} too", features[i], found->second),
                     "every feature once");
  }
}

void check_windows(const std::vector<std::uint32_t>& windows, const std::string& place) {
  if (windows.size() > kWindowsMax)
    throw BadInput(place, fmt::format("{} windows", windows.size()), fmt::format("at most {}", kWindowsMax));
  for (std::size_t i = 0; i < windows.size(); ++i)
    expect_range(fmt::format("{}[{}]", place, i), windows[i], 1, features::kMaxWindow);
}

void check_lookback(const BundleMetadata& metadata, const std::string& place) {
  expect_range(place + ": lookback", metadata.lookback, 1, kLookbackMax);
  expect_range(place + ": horizon", metadata.horizon, 1, kHorizonMax);
  const std::uint64_t values = std::uint64_t{metadata.lookback} * metadata.features.size();
  if (values > kWindowValuesMax)
    throw BadInput(place + ": lookback", fmt::format("{} values in a window", values),
                   fmt::format("at most {}", kWindowValuesMax));
}

void check_scaler(const std::vector<double>& values, std::size_t features, const std::string& place,
                  bool positive) {
  if (values.size() != features)
    throw BadInput(place, fmt::format("{} values", values.size()),
                   fmt::format("{}, one per feature", features));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && (!positive || values[i] > 0)) continue;
    throw BadInput(fmt::format("{}[{}]", place, i), fmt::format("{}", values[i]),
                   positive ? "a finite number above 0" : "a finite number");
  }
}

void check_time(const std::string& time, const std::string& place) {
  static const std::regex pattern(
      R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,9})?Z)");
  if (time.empty() || (time.size() < 40 && std::regex_match(time, pattern))) return;
  throw BadInput(place, shown(time), "UTC as in \"2026-01-02T05:31:00Z\"");
}

void check_training(const TrainingRange& training, const std::string& place) {
  check_time(training.first, place + ".first");
  check_time(training.last, place + ".last");
  check_time(training.validation_last, place + ".validation_last");
  if (training.first.empty() != training.last.empty())
    throw BadInput(place, "one time", "the first and the last row's, or neither");
  if (!training.validation_last.empty() &&
      training.last.substr(0, 19) > training.validation_last.substr(0, 19))
    throw BadInput(place + ".validation_last", training.validation_last,
                   "a time not before the training's last, " + training.last);
  // Up to the fraction times are as ordered as their texts.
  if (training.first.substr(0, 19) > training.last.substr(0, 19))
    throw BadInput(place + ".last", training.last, "a time not before the first, " + training.first);
}

void check_metrics(const std::map<std::string, double>& metrics, const std::string& place) {
  if (metrics.size() > kMetricsMax)
    throw BadInput(place, fmt::format("{} metrics", metrics.size()), fmt::format("at most {}", kMetricsMax));
  for (const auto& [name, value] : metrics) {
    if (!is_plain_name(name)) throw BadInput(place, "a metric named " + shown(name), kPlainName);
    if (std::isinf(value)) throw BadInput(place + "." + name, "infinity", "a finite number, or null");
  }
}

void check_probe(const std::vector<double>& probe, const std::string& place) {
  if (!probe.empty() && probe.size() != kProbeWindows)
    throw BadInput(place, fmt::format("{} values", probe.size()), fmt::format("{}, or none", kProbeWindows));
  for (std::size_t i = 0; i < probe.size(); ++i) {
    if (probe[i] >= 0 && probe[i] <= 1) continue;
    throw BadInput(fmt::format("{}[{}]", place, i), fmt::format("{}", probe[i]), "a probability from 0 to 1");
  }
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

void check_metadata(const BundleMetadata& metadata, const std::string& place) {
  if (!is_plain_name(metadata.architecture))
    throw BadInput(place + ": architecture", shown(metadata.architecture), kPlainName);
  check_features_list(metadata.features, place + ": features");
  check_windows(metadata.windows, place + ": windows");
  check_lookback(metadata, place);
  check_scaler(metadata.scaler_mean, metadata.features.size(), place + ": scaler.mean", false);
  check_scaler(metadata.scaler_scale, metadata.features.size(), place + ": scaler.scale", true);
  if (!(std::fabs(metadata.non_finite) <= std::numeric_limits<float>::max()))
    throw BadInput(place + ": scaler.non_finite", fmt::format("{}", metadata.non_finite), "a finite float32");
  check_training(metadata.training, place + ": training");
  check_metrics(metadata.metrics, place + ": metrics");
  if (!metadata.weights_sha256.empty() && !is_sha256(metadata.weights_sha256))
    throw BadInput(place + ": weights_sha256", shown(metadata.weights_sha256),
                   "64 hexadecimal digits in lower case, or \"\"");
  check_probe(metadata.probe, place + ": probe");
  if (!metadata.quantization.empty() && metadata.quantization != "int8-dynamic")
    throw BadInput(place + ": quantization", shown(metadata.quantization), "\"int8-dynamic\", or \"\"");
}

}  // namespace hftsim::models
