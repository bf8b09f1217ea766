// Bundles for tests, made without torch: there is no TorchScript in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/bundle.h"

namespace hftsim::models {

// Of a PriceLSTM over these features: every field set, the hash of the weights as bundle_entries() sets it.
BundleMetadata example_metadata(std::vector<std::string> features = {"return_1", "sma_5", "hour_sin"});

// A PriceLSTM's tensors under the names that torch.nn gives them, seeded and small.
std::vector<NamedTensor> price_lstm_weights(std::uint32_t features, std::uint64_t seed = 1,
                                            std::uint32_t hidden = 64, std::uint32_t head = 32);

struct ZipEntry {
  std::string name, bytes;
  bool compressed = false;
};

// What belongs into a bundle: weights and their hash where there are any.
std::vector<ZipEntry> bundle_entries(BundleMetadata metadata, const std::vector<NamedTensor>& weights,
                                     const std::string& archive = "model");

// The same entries give the same bytes.
std::string zip_bytes(const std::vector<ZipEntry>& entries);

void write_bytes(const std::filesystem::path& path, const std::string& bytes);

void write_bundle(const std::filesystem::path& path, const BundleMetadata& metadata,
                  const std::vector<NamedTensor>& weights);

}  // namespace hftsim::models
