// The safetensors format (github.com/huggingface/safetensors): 8 bytes of header length, little-endian; a header
// in JSON, {name: {"dtype", "shape", "data_offsets": [begin, end]}}; the values, one tensor after the other.
// to_safetensors() and parse_safetensors() are in bundle.h; here is what they keep to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hftsim::models {

inline constexpr std::size_t kTensorHeaderBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kTensorDimensionsMax = 8;
inline constexpr std::size_t kNameCharactersMax = 200;

// Whether names of tensors, features and metrics may be this: ASCII that can be seen, no space, none of it
// more than kNameCharactersMax.
bool is_plain_name(const std::string& name);
inline constexpr const char* kPlainName = "1 to 200 visible ASCII characters without spaces";

}  // namespace hftsim::models
