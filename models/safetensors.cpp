#include "models/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <string_view>

#include "engine/core/errors.h"
#include "models/bundle.h"
#include "models/strict_json.h"

namespace hftsim::models {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in memory");

constexpr std::size_t kLengthBytes = 8;
constexpr const char* kFormatMetadata = "__metadata__";  // texts about the file; says nothing about tensors
const std::array<std::string, 3> kTensorFields = {"dtype", "shape", "data_offsets"};

struct TensorPlace {
  std::string name;
  std::vector<std::int64_t> shape;
  std::uint64_t begin, end;  // bytes, from the end of the header
};

std::uint64_t header_bytes(const std::string& bytes, const std::string& place) {
  if (bytes.size() < kLengthBytes)
    throw BadInput(place, fmt::format("{} bytes", bytes.size()), "8 bytes of header length at least");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::uint64_t max = std::min<std::uint64_t>(bytes.size() - kLengthBytes, kTensorHeaderBytesMax);
  if (length < 2 || length > max)
    throw BadInput(place, fmt::format("a header length of {}", length), fmt::format("2 to {} bytes", max));
  return length;
}

// The header may be padded with spaces, behind it alone.
std::string_view header_text(const std::string& bytes, std::uint64_t length, const std::string& place) {
  const std::string_view text = std::string_view(bytes).substr(kLengthBytes, length);
  if (text.front() != '{') throw BadInput(place, "a header that begins otherwise", "'{'");
  return text;
}

std::vector<std::int64_t> read_shape(const JsonField& field) {
  std::vector<std::int64_t> shape;
  for (const JsonField& size : field.entries(kTensorDimensionsMax))
    shape.push_back(static_cast<std::int64_t>(size.count(1, std::uint64_t{1} << 40)));
  return shape;
}

// Bytes of float32 values of this shape; refuses what is more than `max`.
std::uint64_t bytes_of_shape(const std::vector<std::int64_t>& shape, std::uint64_t max,
                             const JsonField& field) {
  std::uint64_t values = 1;
  for (const std::int64_t size : shape) {
    if (static_cast<std::uint64_t>(size) > max / sizeof(float) / values)
      throw BadInput(field.place(), "a product of more values than the file holds",
                     fmt::format("at most {}", max / sizeof(float)));
    values *= static_cast<std::uint64_t>(size);
  }
  return values * sizeof(float);
}

TensorPlace read_tensor_place(const std::string& name, const JsonField& tensor, std::uint64_t data_bytes) {
  tensor.expect_only(kTensorFields);
  if (const JsonField dtype = tensor["dtype"]; dtype.text() != "F32") dtype.refuse("\"F32\" (float32)");
  const JsonField shape = tensor["shape"], offsets = tensor["data_offsets"];
  TensorPlace place{name, read_shape(shape), 0, 0};
  const std::vector<JsonField> ends = offsets.entries(2);
  if (ends.size() != 2) offsets.refuse("two offsets: where the values begin and end");
  place.begin = ends[0].count(0, data_bytes);
  place.end = ends[1].count(place.begin, data_bytes);
  const std::uint64_t size = bytes_of_shape(place.shape, data_bytes, shape);
  if (place.end - place.begin != size)
    throw BadInput(offsets.place(), fmt::format("{} bytes", place.end - place.begin),
                   fmt::format("{}, which is what the shape takes", size));
  return place;
}

std::vector<TensorPlace> read_header(std::string_view header, const std::string& place,
                                     std::uint64_t data_bytes) {
  const nlohmann::json json = parse_json_object(header, place);
  std::vector<TensorPlace> tensors;
  for (const auto& item : json.items()) {
    if (item.key() == kFormatMetadata) {
      JsonField(item.value(), place, kFormatMetadata).expect_object();
      continue;
    }
    if (!is_plain_name(item.key())) throw BadInput(place, "a tensor named " + shown(item.key()), kPlainName);
    tensors.push_back(read_tensor_place(item.key(), {item.value(), place, item.key()}, data_bytes));
  }
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorPlace& a, const TensorPlace& b) { return a.begin < b.begin; });
  return tensors;
}

// Every byte belongs to one tensor: none twice, none left over.
void expect_gapless(const std::vector<TensorPlace>& tensors, const std::string& place,
                    std::uint64_t data_bytes) {
  std::uint64_t end = 0;
  for (const TensorPlace& tensor : tensors) {
    if (tensor.begin != end)
      throw BadInput(fmt::format("{}: {}.data_offsets", place, tensor.name),
                     fmt::format("values from byte {}", tensor.begin),
                     fmt::format("{}, where the tensor before it ends", end));
    end = tensor.end;
  }
  if (end != data_bytes)
    throw BadInput(place, fmt::format("{} bytes behind the header", data_bytes),
                   fmt::format("{}, where the last tensor ends", end));
}

NamedTensor read_values(const TensorPlace& from, const char* data, const std::string& place) {
  NamedTensor tensor{from.name, from.shape, {}};
  tensor.values.resize((from.end - from.begin) / sizeof(float));
  std::memcpy(tensor.values.data(), data + from.begin, from.end - from.begin);
  const auto bad = std::find_if_not(tensor.values.begin(), tensor.values.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad != tensor.values.end())
    throw BadInput(fmt::format("{}: {}[{}]", place, from.name, bad - tensor.values.begin()),
                   fmt::format("{}", *bad), "a finite weight");
  return tensor;
}

}  // namespace

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= kNameCharactersMax &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::vector<NamedTensor> parse_safetensors(const std::string& bytes, const std::string& place) {
  const std::uint64_t length = header_bytes(bytes, place);
  const std::uint64_t data_bytes = bytes.size() - kLengthBytes - length;
  const std::vector<TensorPlace> places = read_header(header_text(bytes, length, place), place, data_bytes);
  expect_gapless(places, place, data_bytes);
  std::vector<NamedTensor> tensors;
  tensors.reserve(places.size());
  for (const TensorPlace& from : places)
    tensors.push_back(read_values(from, bytes.data() + kLengthBytes + length, place));
  return tensors;
}

std::string to_safetensors(const std::vector<NamedTensor>& weights) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::uint64_t offset = 0;
  for (const NamedTensor& tensor : weights) {
    assert(is_plain_name(tensor.name) && tensor.name != kFormatMetadata && !header.contains(tensor.name));
    const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // values lie on 8 bytes
  const std::uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), kLengthBytes);
  bytes += text;
  for (const NamedTensor& tensor : weights)
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  return bytes;
}

}  // namespace hftsim::models
