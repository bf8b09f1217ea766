#include "tests/models/bundle_file.h"

#include <zip.h>

#include <cmath>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "engine/core/rng.h"
#include "replay/file_hash.h"

namespace hftsim::models {
namespace {

void check(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("zip for a test: ") + what);
}

void add(zip_t* zip, const ZipEntry& entry) {
  zip_source_t* source = zip_source_buffer(zip, entry.bytes.data(), entry.bytes.size(), 0);
  check(source != nullptr, "no source");
  const zip_int64_t index = zip_file_add(zip, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  check(index >= 0, entry.name.c_str());
  const auto at = static_cast<zip_uint64_t>(index);
  check(zip_set_file_compression(zip, at, entry.compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0,
        "method");
  constexpr zip_uint16_t kFirstOf1980 = (1 << 5) | 1;
  check(zip_file_set_dostime(zip, at, 0, kFirstOf1980, 0) == 0, "time");
}

std::string bytes_of(zip_source_t* source) {
  zip_stat_t stat;
  check(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0, "cannot be read back");
  std::string bytes(stat.size, '\0');
  const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
  check(got == static_cast<zip_int64_t>(bytes.size()), "cut off");
  zip_source_close(source);
  return bytes;
}

}  // namespace

BundleMetadata example_metadata(std::vector<std::string> features) {
  BundleMetadata metadata;
  metadata.architecture = "PriceLSTM";
  metadata.features = std::move(features);
  metadata.windows = {5, 10, 20};
  metadata.lookback = 60;
  metadata.horizon = 3;
  for (std::size_t i = 0; i < metadata.features.size(); ++i) {
    metadata.scaler_mean.push_back(-0.1 * static_cast<double>(i + 1));
    metadata.scaler_scale.push_back(1.0 / static_cast<double>(i + 3));
  }
  metadata.non_finite = -0.25;
  metadata.training = {"2026-01-02T05:31:00Z", "2026-01-08T00:00:00Z", 8064, 2016, ""};
  metadata.metrics = {{"accuracy", 0.52}, {"loss", 0.6925}};
  return metadata;
}

std::vector<NamedTensor> price_lstm_weights(std::uint32_t features, std::uint64_t seed, std::uint32_t hidden,
                                            std::uint32_t head) {
  RandomStream random(seed, "weights");
  std::vector<NamedTensor> weights;
  const auto tensor = [&](const std::string& name, std::vector<std::int64_t> shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(0.25 * (random.uniform() - 0.5));
    weights.push_back({name, std::move(shape), std::move(values)});
  };
  for (const std::int64_t layer : {0, 1}) {
    const std::string suffix = "_l" + std::to_string(layer);
    const std::int64_t inputs = layer == 0 ? features : hidden, gates = 4 * std::int64_t{hidden};
    tensor("lstm.weight_ih" + suffix, {gates, inputs});
    tensor("lstm.weight_hh" + suffix, {gates, hidden});
    tensor("lstm.bias_ih" + suffix, {gates});
    tensor("lstm.bias_hh" + suffix, {gates});
  }
  tensor("fc1.weight", {head, hidden});
  tensor("fc1.bias", {head});
  tensor("fc2.weight", {1, head});
  tensor("fc2.bias", {1});
  return weights;
}

std::vector<ZipEntry> bundle_entries(BundleMetadata metadata, const std::vector<NamedTensor>& weights,
                                     const std::string& archive) {
  std::vector<ZipEntry> entries;
  if (!weights.empty()) {
    entries.push_back({archive + "/extra/" + kWeightsFile, to_safetensors(weights), false});
    metadata.weights_sha256 = sha256_of_text(entries[0].bytes);
  }
  entries.push_back({archive + "/extra/" + kMetadataFile, to_json(metadata), false});
  entries.push_back({archive + "/version", "3\n", false});
  return entries;
}

std::string zip_bytes(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  check(zip != nullptr, zip_error_strerror(&error));
  zip_source_keep(target);
  for (const ZipEntry& entry : entries) add(zip, entry);
  check(zip_close(zip) == 0, "cannot be closed");
  std::string bytes = bytes_of(target);
  zip_source_free(target);
  return bytes;
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void write_bundle(const std::filesystem::path& path, const BundleMetadata& metadata,
                  const std::vector<NamedTensor>& weights) {
  write_bytes(path, zip_bytes(bundle_entries(metadata, weights, path.stem().string())));
}

}  // namespace hftsim::models
