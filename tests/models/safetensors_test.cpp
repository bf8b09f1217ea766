#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "models/bundle.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

std::string with_header(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  return bytes + header + std::string(data_bytes, '\0');
}

Json tensor(const Json& shape, std::uint64_t begin, std::uint64_t end) {
  return {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, end}}};
}

std::string refusal_of_bytes(const std::string& bytes) {
  return refusal_of([&] { parse_safetensors(bytes, "w"); });
}

std::string refusal_of_header(const Json& header, std::size_t data_bytes) {
  return refusal_of_bytes(with_header(header.dump(), data_bytes));
}

void expect_equal(const std::vector<NamedTensor>& a, const std::vector<NamedTensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_EQ(a[i].shape, b[i].shape);
    ASSERT_EQ(a[i].values.size(), b[i].values.size());
    EXPECT_EQ(std::memcmp(a[i].values.data(), b[i].values.data(), a[i].values.size() * sizeof(float)), 0);
  }
}

TEST(Safetensors, GivesBackWhatWasWrittenInItsOrder) {
  std::vector<NamedTensor> weights = price_lstm_weights(7);
  weights.push_back({"scalar", {}, {-0.0f}});
  weights.push_back({"a.deep", {2, 1, 3}, {1, 2, 3, 4, 5, std::numeric_limits<float>::denorm_min()}});
  expect_equal(parse_safetensors(to_safetensors(weights), "w"), weights);
  expect_equal(parse_safetensors(to_safetensors({}), "w"), {});
}

TEST(Safetensors, ReadsALayoutWrittenByHand) {
  // As the format's own description has it: length, header, padding, values; the header in any order.
  const std::string header = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                             R"("__metadata__":{"format":"pt"},)"
                             R"("a":{"shape":[1,1],"data_offsets":[0,4],"dtype":"F32"}}   )";
  std::string bytes = with_header(header, 0);
  const float values[] = {1.5f, -2, 0.25f};
  bytes.append(reinterpret_cast<const char*>(values), sizeof values);
  expect_equal(parse_safetensors(bytes, "w"), {{"a", {1, 1}, {1.5f}}, {"b", {2}, {-2, 0.25f}}});
}

TEST(Safetensors, ValuesLieOnEightBytes) {
  for (const char* name : {"a", "ab", "abc", "abcd", "abcdefgh"}) {
    std::uint64_t length = 0;
    const std::string bytes = to_safetensors({{name, {1}, {1}}});
    std::memcpy(&length, bytes.data(), sizeof length);
    EXPECT_EQ(length % 8, 0u);
    EXPECT_EQ(bytes.size(), 8 + length + 4);
  }
}

TEST(Safetensors, TheHeaderLengthIsHeldAgainstTheFile) {
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{11},
                                     std::uint64_t{1} << 32, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    std::string bytes = with_header("{}", 8);
    std::memcpy(bytes.data(), &length, sizeof length);
    EXPECT_THAT(refusal_of_bytes(bytes), StartsWith("w: got a header length of " + std::to_string(length)));
  }
  EXPECT_THAT(refusal_of_bytes("1234567"), StartsWith("w: got 7 bytes"));
  EXPECT_THAT(refusal_of_bytes(with_header(std::string((4 << 20) + 1, ' '), 0)),
              HasSubstr("expected 2 to 4194304"));
  EXPECT_THAT(refusal_of_bytes(with_header(" {}", 0)), HasSubstr("expected '{'"));
}

TEST(Safetensors, OtherTypesAreNamed) {
  for (const char* dtype : {"F16", "BF16", "F64", "I8", "f32", ""}) {
    Json header = {{"lstm.w", tensor({1}, 0, 4)}};
    header["lstm.w"]["dtype"] = dtype;
    EXPECT_EQ(refusal_of_header(header, 4),
              "w: lstm.w.dtype: got \"" + std::string(dtype) + "\", expected \"F32\" (float32)");
  }
}

TEST(Safetensors, AShapeIsHeldAgainstTheBytesBeforeAnythingIsAllocated) {
  const std::int64_t huge = std::int64_t{1} << 32;
  EXPECT_THAT(refusal_of_header({{"t", tensor({huge, huge}, 0, 8)}}, 8),
              StartsWith("w: t.shape: got a product"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({huge, huge, huge, huge}, 0, 8)}}, 8),
              StartsWith("w: t.shape"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({3}, 0, 8)}}, 8), StartsWith("w: t.shape"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({1}, 0, 8)}}, 8),
              StartsWith("w: t.data_offsets: got 8 bytes, expected 4"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({0}, 0, 0)}}, 0), StartsWith("w: t.shape[0]: got 0"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({-1}, 0, 4)}}, 4), StartsWith("w: t.shape[0]: got -1"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({1.0}, 0, 4)}}, 4), StartsWith("w: t.shape[0]: got 1.0"));
  EXPECT_THAT(refusal_of_header({{"t", tensor(std::vector<int>(9, 1), 0, 4)}}, 4), HasSubstr("at most 8"));
}

TEST(Safetensors, OffsetsCoverTheValuesOnceWithoutGaps) {
  EXPECT_THAT(refusal_of_header({{"t", tensor({1}, 4, 0)}}, 4), StartsWith("w: t.data_offsets[1]: got 0"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({1}, 4, 8)}}, 4), StartsWith("w: t.data_offsets[1]: got 8"));
  EXPECT_THAT(refusal_of_header({{"t", tensor({1}, 8, 8)}}, 4), StartsWith("w: t.data_offsets[0]: got 8"));
  EXPECT_THAT(refusal_of_header({{"a", tensor({2}, 0, 8)}, {"b", tensor({2}, 4, 12)}}, 12),
              StartsWith("w: b.data_offsets: got values from byte 4, expected 8"));
  EXPECT_THAT(refusal_of_header({{"a", tensor({1}, 0, 4)}, {"b", tensor({1}, 0, 4)}}, 4),
              HasSubstr("got values from byte 0, expected 4"));
  EXPECT_THAT(refusal_of_header({{"a", tensor({1}, 4, 8)}}, 8),
              HasSubstr("got values from byte 4, expected 0"));
  EXPECT_THAT(refusal_of_header({{"a", tensor({1}, 0, 4)}}, 8),
              HasSubstr("got 8 bytes behind the header, expected 4"));
  Json header = {{"t", tensor({1}, 0, 4)}};
  for (const Json& offsets : {Json::array(), Json{0}, Json{0, 4, 4}, Json("0-4")}) {
    header["t"]["data_offsets"] = offsets;
    EXPECT_THAT(refusal_of_header(header, 4), StartsWith("w: t.data_offsets: got "));
  }
}

TEST(Safetensors, NamesAreThereOnceAndCanBeSeen) {
  const std::string one = R"("t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_THAT(refusal_of_bytes(with_header("{" + one + "," + one + "}", 4)), HasSubstr("got \"t\" twice"));
  EXPECT_THAT(refusal_of_header({{"a\x1b", tensor({1}, 0, 4)}}, 4), HasSubstr("a tensor named \"a\\u001b\""));
  EXPECT_THAT(refusal_of_header({{"", tensor({1}, 0, 4)}}, 4), HasSubstr("a tensor named \"\""));
}

TEST(Safetensors, FieldsAreThoseOfTheFormat) {
  Json header = {{"t", tensor({1}, 0, 4)}};
  header["t"]["stride"] = 1;
  EXPECT_THAT(refusal_of_header(header, 4), HasSubstr("t: unknown field \"stride\""));
  for (const char* field : {"dtype", "shape", "data_offsets"}) {
    header = {{"t", tensor({1}, 0, 4)}};
    header["t"].erase(field);
    EXPECT_EQ(refusal_of_header(header, 4), "w: t: '" + std::string(field) + "' is missing");
  }
  EXPECT_THAT(refusal_of_header({{"t", 3}}, 4), StartsWith("w: t: got 3, expected an object"));
  EXPECT_THAT(refusal_of_header({{"__metadata__", 3}}, 0), StartsWith("w: __metadata__: got 3"));
  EXPECT_THAT(refusal_of_header(Json::array(), 0), StartsWith("w: "));
}

TEST(Safetensors, AWeightThatIsNotFiniteIsNamedWithItsIndex) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    std::vector<NamedTensor> weights = price_lstm_weights(3);
    weights[5].values[17] = bad;
    EXPECT_THAT(refusal_of_bytes(to_safetensors(weights)),
                AllOf(StartsWith("w: lstm.weight_hh_l1[17]: got "), HasSubstr("a finite weight")));
  }
}

}  // namespace
}  // namespace hftsim::models
