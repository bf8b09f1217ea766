// The extra files in a bundle's zip. Nothing is unpacked to disk, nothing but the two files is unpacked at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hftsim::models {

inline constexpr std::uint64_t kBundleBytesMax = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMetadataBytesMax = std::uint64_t{4} << 20;
inline constexpr std::uint64_t kCompressionMax = 100;  // bytes that one compressed byte may become
inline constexpr std::uint64_t kEntriesMax = 100'000;

struct BundleFiles {
  std::string metadata;                // <archive>/extra/hftsim.json
  std::optional<std::string> weights;  // <archive>/extra/weights.safetensors
};

// From a file's bytes, `place` its name. Throws BadInput: not a zip, cut off; the metadata absent or there
// twice; an entry encrypted, damaged, too large, or compressed by more than kCompressionMax.
BundleFiles read_bundle_files(const std::string& bytes, const std::string& place);

// Throws BadInput where a file that begins with these bytes is no zip, and says what it looks like.
void expect_zip(const std::string& first_bytes, const std::string& place);

}  // namespace hftsim::models
