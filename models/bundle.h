// A model bundle: TorchScript in a zip, whose extra files say what the model was trained on and carry its
// weights in a form readable without torch. docs/models.md has the format and how Python makes one.
//
//   extra/hftsim.json           metadata, as BundleMetadata below
//   extra/weights.safetensors   the weights, float32 (github.com/huggingface/safetensors); absent where only
//                               torch can run the model
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/named_tensor.h"

namespace hftsim::models {

inline constexpr const char* kMetadataFile = "hftsim.json";
inline constexpr const char* kWeightsFile = "weights.safetensors";
inline constexpr std::uint32_t kBundleFormat = 1;

// What the model was trained on. Times are UTC, ISO 8601.
struct TrainingRange {
  std::string first, last;            // close times of the first and last row that trained
  std::uint64_t rows = 0;             // rows the scaler and the weights have seen
  std::uint64_t validation_rows = 0;  // rows behind them that chose the epoch
  std::string validation_last;        // close time of the last of those
};

struct BundleMetadata {
  std::uint32_t format = kBundleFormat;
  std::string architecture;            // "PriceLSTM", "PriceTransformer"; any other is torch's alone
  bool stateful = false;               // the state carries over from row to row instead of windows
  std::vector<std::string> features;   // in the order of the model's inputs
  std::vector<std::uint32_t> windows;  // of the default features they came from; may be empty
  std::uint32_t lookback = 60;         // rows in a window
  std::uint32_t horizon = 1;           // bars over which the close rises
  std::vector<double> scaler_mean;     // per feature: input = (value - mean) / scale
  std::vector<double> scaler_scale;    // > 0
  double non_finite = 0;               // what NaN and infinite values become, after scaling
  TrainingRange training;
  std::map<std::string, double> metrics;  // of the validation rows: "accuracy", "loss", ...
  std::string weights_sha256;             // of weights.safetensors; empty where there is none
  std::vector<double> probe;              // what torch answers to probe_rows(); empty: was not asked
  std::string quantization;               // "int8-dynamic"; empty: none
};

struct ModelBundle {
  std::filesystem::path path;
  std::string bytes;   // the whole file, for torch: what was checked is what runs
  std::string sha256;  // of the bytes
  BundleMetadata metadata;
  std::vector<NamedTensor> weights;  // empty where the bundle has none
};

// Reads and checks everything but the TorchScript itself. Throws BadInput with the file, the field and what was
// expected: not a zip, cut off, a size in a header that the file does not have, a list of the wrong length,
// weights that are not finite or not those the hash names.
ModelBundle read_bundle(const std::filesystem::path& path);

// What goes into a bundle. read_bundle(...) of it gives the same back.
std::string to_json(const BundleMetadata& metadata);
std::string to_safetensors(const std::vector<NamedTensor>& weights);

// Throws BadInput with `place`, the field and what was expected.
BundleMetadata parse_metadata(const std::string& json, const std::string& place);
std::vector<NamedTensor> parse_safetensors(const std::string& bytes, const std::string& place);

}  // namespace hftsim::models
