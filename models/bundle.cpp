#include "models/bundle.h"

#include <fmt/format.h>

#include <span>

#include "engine/core/errors.h"
#include "models/bundle_zip.h"
#include "replay/file.h"
#include "replay/file_hash.h"

namespace hftsim::models {
namespace {

// Once: everything else, torch too, looks at the same bytes, whatever becomes of the file meanwhile.
std::string read_file(const std::filesystem::path& path) {
  const File file = File::open(path);
  const auto read = [&file](std::uint64_t size) {
    std::string bytes(size, '\0');
    bytes.resize(file.read_at(0, std::as_writable_bytes(std::span(bytes.data(), bytes.size()))));
    return bytes;
  };
  expect_zip(read(4), file.name());
  const std::uint64_t size = file.size_bytes();
  if (size > kBundleBytesMax)
    throw BadInput(file.name(), fmt::format("{} bytes", size), fmt::format("at most {}", kBundleBytesMax));
  return read(size);
}

void expect_hash(const std::optional<std::string>& weights, const std::string& hash,
                 const std::string& file) {
  const std::string place = file + ": " + kMetadataFile + ": weights_sha256";
  if (!weights && !hash.empty())
    throw BadInput(place, hash, fmt::format("\"\": there is no {}", kWeightsFile));
  if (!weights) return;
  const std::string found = sha256_of_text(*weights);
  if (hash != found)
    throw BadInput(place, hash.empty() ? "none" : hash, fmt::format("{}, which {} has", found, kWeightsFile));
}

}  // namespace

ModelBundle read_bundle(const std::filesystem::path& path) {
  const std::string file = path.string();
  ModelBundle bundle;
  bundle.path = path;
  bundle.bytes = read_file(path);
  bundle.sha256 = sha256_of_text(bundle.bytes);
  const BundleFiles files = read_bundle_files(bundle.bytes, file);
  bundle.metadata = parse_metadata(files.metadata, file + ": " + kMetadataFile);
  expect_hash(files.weights, bundle.metadata.weights_sha256, file);
  if (files.weights) bundle.weights = parse_safetensors(*files.weights, file + ": " + kWeightsFile);
  return bundle;
}

}  // namespace hftsim::models
