#include "tools/model_info.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/native_obstacle.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;
using models::BundleMetadata;
using models::ModelBundle;
using models::NamedTensor;

constexpr std::size_t kColumns = 110, kIndent = 18;

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("  {:<{}}{}\n", name, kIndent - 2, value);
}

// Words side by side, as many as fit a line, below each other from the second column on.
std::string wrapped_row(const std::string& name, const std::vector<std::string>& words) {
  std::string text, line;
  for (const std::string& word : words) {
    if (!line.empty() && kIndent + line.size() + 1 + word.size() > kColumns) {
      text += row(text.empty() ? name : "", line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return text + row(text.empty() ? name : "", line);
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 10'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// 12,345,678
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string or_unknown(const std::string& text) {
  return text.empty() ? "not said" : text;
}

std::string metric_text(double value) {
  return std::isnan(value) ? "n/a" : fmt::format("{:.6g}", value);
}

std::string runs_on(const ModelBundle& bundle) {
  const std::string obstacle = models::native_obstacle(bundle);
  return obstacle.empty() ? "native (no torch needed)" : "torch: " + obstacle;
}

std::string window_rows(const BundleMetadata& metadata) {
  return row("lookback", fmt::format("{} rows", metadata.lookback)) +
         row("horizon", fmt::format("{} bar{}", metadata.horizon, metadata.horizon == 1 ? "" : "s")) +
         row("state", metadata.stateful ? "carries over from row to row" : "of its window alone");
}

std::string feature_rows(const BundleMetadata& metadata, bool scaler) {
  std::string text = row("features", std::to_string(metadata.features.size()));
  if (!scaler) {
    text += wrapped_row("", metadata.features);
  } else {
    std::size_t width = 0;
    for (const std::string& name : metadata.features) width = std::max(width, name.size());
    text += row("", fmt::format("{:<{}}  {:>14} {:>14}", "", width, "mean", "scale"));
    for (std::size_t i = 0; i < metadata.features.size(); ++i) {
      text += row("", fmt::format("{:<{}}  {:>14.6g} {:>14.6g}", metadata.features[i], width,
                                  metadata.scaler_mean[i], metadata.scaler_scale[i]));
    }
  }
  const std::string windows = fmt::format("{}", fmt::join(metadata.windows, ", "));
  return text + row("windows", or_unknown(windows)) +
         row("scaling",
             fmt::format("(value - mean) / scale; what is not finite becomes {}", metadata.non_finite));
}

std::string training_rows(const BundleMetadata& metadata) {
  const models::TrainingRange& training = metadata.training;
  const std::string range =
      training.first.empty() ? "" : fmt::format("{} to {}", training.first, training.last);
  const std::string rows = training.rows + training.validation_rows == 0
                               ? ""
                               : fmt::format("{} trained, {} validated", grouped(training.rows),
                                             grouped(training.validation_rows));
  std::string text = row("trained on", or_unknown(range)) + row("rows", or_unknown(rows));
  bool first = true;
  for (const auto& [name, value] : metadata.metrics) {
    text += row(first ? "validation" : "", fmt::format("{:<22} {}", name, metric_text(value)));
    first = false;
  }
  return text;
}

std::string weight_rows(const ModelBundle& bundle) {
  if (bundle.weights.empty()) return row("weights", "inside the TorchScript alone");
  std::size_t width = 0;
  for (const NamedTensor& tensor : bundle.weights) width = std::max(width, tensor.name.size());
  std::string text =
      row("weights", fmt::format("{} parameters in {} tensors, float32, {}", grouped(parameter_count(bundle)),
                                 bundle.weights.size(), size_text(parameter_count(bundle) * sizeof(float))));
  for (const NamedTensor& tensor : bundle.weights) {
    const std::string shape = fmt::format("[{}]", fmt::join(tensor.shape, ", "));
    text += row(
        "", fmt::format("{:<{}}  {:<14} {:>10}", tensor.name, width, shape, grouped(tensor.values.size())));
  }
  return text + row("", "sha256 " + bundle.metadata.weights_sha256);
}

Json metrics_json(const BundleMetadata& metadata) {
  Json json = Json::object();
  for (const auto& [name, value] : metadata.metrics) json[name] = std::isnan(value) ? Json() : Json(value);
  return json;
}

Json tensors_json(const ModelBundle& bundle) {
  Json json = Json::array();
  for (const NamedTensor& tensor : bundle.weights)
    json.push_back({{"name", tensor.name}, {"shape", tensor.shape}, {"parameters", tensor.values.size()}});
  return json;
}

}  // namespace

std::uint64_t parameter_count(const ModelBundle& bundle) {
  std::uint64_t count = 0;
  for (const NamedTensor& tensor : bundle.weights) count += tensor.values.size();
  return count;
}

Json model_json(const ModelBundle& bundle) {
  const std::string obstacle = models::native_obstacle(bundle);
  Json json = Json::parse(models::to_json(bundle.metadata));
  json["metrics"] = metrics_json(bundle.metadata);
  json["path"] = bundle.path.string();
  json["size_bytes"] = std::filesystem::file_size(bundle.path);
  json["sha256"] = bundle.sha256;
  json["tensors"] = tensors_json(bundle);
  json["parameters"] = parameter_count(bundle);
  json["runs_natively"] = obstacle.empty();
  json["native_obstacle"] = obstacle.empty() ? Json() : Json(obstacle);
  return json;
}

std::string model_table(const ModelBundle& bundle, bool scaler) {
  const BundleMetadata& metadata = bundle.metadata;
  const std::uint64_t size = std::filesystem::file_size(bundle.path);
  return fmt::format("{}\n", bundle.path.string()) + row("architecture", metadata.architecture) +
         row("runs", runs_on(bundle)) +
         row("quantization", metadata.quantization.empty() ? "none" : metadata.quantization) +
         window_rows(metadata) + feature_rows(metadata, scaler) + training_rows(metadata) +
         weight_rows(bundle) + row("file", fmt::format("{}, format {}", size_text(size), metadata.format)) +
         row("", "sha256 " + bundle.sha256);
}

}  // namespace hftsim
