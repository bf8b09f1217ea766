#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/core/rng.h"
#include "models/bundle.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

Json example() {
  return Json::parse(to_json(example_metadata()));
}

std::string refusal_of_text(const std::string& text) {
  return refusal_of([&] { parse_metadata(text, "m.pt: hftsim.json"); });
}

std::string refusal_of_json(const Json& json) {
  return refusal_of_text(json.dump());
}

// The example with `value` at this pointer (RFC 6901).
std::string refusal_with(const std::string& pointer, const Json& value) {
  Json json = example();
  json[Json::json_pointer(pointer)] = value;
  return refusal_of_json(json);
}

std::string refusal_without(const std::string& field) {
  Json json = example();
  json.erase(field);
  return refusal_of_json(json);
}

TEST(MetadataJson, GivesBackWhatWasWritten) {
  BundleMetadata metadata = example_metadata();
  metadata.stateful = true;
  metadata.quantization = "int8-dynamic";
  metadata.weights_sha256 = std::string(64, 'a');
  const BundleMetadata back = parse_metadata(to_json(metadata), "m");
  EXPECT_EQ(back.format, 1u);
  EXPECT_EQ(back.architecture, "PriceLSTM");
  EXPECT_TRUE(back.stateful);
  EXPECT_EQ(back.features, metadata.features);
  EXPECT_EQ(back.windows, metadata.windows);
  EXPECT_EQ(back.lookback, 60u);
  EXPECT_EQ(back.horizon, 3u);
  EXPECT_EQ(back.scaler_mean, metadata.scaler_mean);
  EXPECT_EQ(back.scaler_scale, metadata.scaler_scale);
  EXPECT_EQ(back.non_finite, -0.25);
  EXPECT_EQ(back.training.first, "2026-01-02T05:31:00Z");
  EXPECT_EQ(back.training.last, "2026-01-08T00:00:00Z");
  EXPECT_EQ(back.training.rows, 8064u);
  EXPECT_EQ(back.training.validation_rows, 2016u);
  EXPECT_EQ(back.metrics, metadata.metrics);
  EXPECT_EQ(back.weights_sha256, metadata.weights_sha256);
  EXPECT_EQ(back.quantization, "int8-dynamic");
  EXPECT_EQ(to_json(back), to_json(metadata));
}

TEST(MetadataJson, KeepsEveryBitOfTheScaler) {
  RandomStream random(7, "scaler");
  for (int round = 0; round < 200; ++round) {
    BundleMetadata metadata = example_metadata();
    for (double& mean : metadata.scaler_mean)
      mean = std::ldexp(random.normal(), static_cast<int>(600 * random.normal()) % 1000);
    for (double& scale : metadata.scaler_scale)
      scale = std::ldexp(1 + random.uniform(), static_cast<int>(400 * random.normal()) % 1000);
    metadata.scaler_mean[0] = round % 2 == 0 ? -0.0 : std::numeric_limits<double>::denorm_min();
    const BundleMetadata back = parse_metadata(to_json(metadata), "m");
    EXPECT_EQ(back.scaler_mean, metadata.scaler_mean);
    EXPECT_EQ(back.scaler_scale, metadata.scaler_scale);
    EXPECT_EQ(std::signbit(back.scaler_mean[0]), std::signbit(metadata.scaler_mean[0]));
  }
}

TEST(MetadataJson, AnUndefinedMetricIsNull) {
  BundleMetadata metadata = example_metadata();
  metadata.metrics["auc"] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(to_json(metadata), HasSubstr("\"auc\": null"));
  EXPECT_TRUE(std::isnan(parse_metadata(to_json(metadata), "m").metrics.at("auc")));
}

TEST(MetadataJson, NeedsWhatInferenceNeedsAndNoMore) {
  for (const char* field : {"format", "architecture", "features", "lookback", "horizon", "scaler"}) {
    EXPECT_EQ(refusal_without(field), "m.pt: hftsim.json: '" + std::string(field) + "' is missing");
  }
  for (const char* field : {"stateful", "windows", "training", "metrics", "weights_sha256", "quantization"}) {
    EXPECT_EQ(refusal_without(field), "") << field;
  }
}

TEST(MetadataJson, ANewerFormatAsksForANewerProgramWhateverElseItSays) {
  EXPECT_THAT(refusal_of_text(R"({"format": 2, "news": []})"),
              AllOf(HasSubstr("hftsim.json: format: got 2"), HasSubstr("needs a newer hftsim")));
  EXPECT_THAT(refusal_with("/format", 0), HasSubstr("format: got 0"));
  EXPECT_THAT(refusal_with("/format", "1"), HasSubstr("format: got \"1\""));
}

TEST(MetadataJson, AnUnknownFieldIsNamedWithTheNearest) {
  EXPECT_THAT(refusal_with("/lookbak", 3), HasSubstr("unknown field \"lookbak\" (did you mean lookback?)"));
  EXPECT_THAT(refusal_with("/scaler/std", Json::array()), HasSubstr("scaler: unknown field \"std\""));
  EXPECT_THAT(refusal_with("/training/row", 3),
              HasSubstr("training: unknown field \"row\" (did you mean rows"));
}

TEST(MetadataJson, NamesTheFieldOfAnotherType) {
  const std::vector<std::pair<std::string, Json>> wrong = {
      {"/architecture", 1},    {"/stateful", 1},
      {"/features", "sma_5"},  {"/features/1", 7},
      {"/features/1", {}},     {"/windows", 5},
      {"/windows/0", "5"},     {"/lookback", "60"},
      {"/lookback", 60.5},     {"/lookback", 60.0},
      {"/horizon", true},      {"/scaler", {1}},
      {"/scaler/mean", {}},    {"/scaler/mean/0", "0"},
      {"/scaler/scale/0", {}}, {"/scaler/non_finite", ""},
      {"/training", 3},        {"/training/first", 2026},
      {"/training/rows", -1},  {"/metrics", Json::array()},
      {"/metrics/loss", "ln"}, {"/weights_sha256", 0},
      {"/quantization", false}};
  for (const auto& [pointer, value] : wrong) {
    std::string field = pointer.substr(1);
    for (char& c : field) c = c == '/' ? '.' : c;
    for (const char index : {'0', '1'}) {
      if (field.ends_with(std::string(".") + index))
        field = field.substr(0, field.size() - 2) + "[" + index + "]";
    }
    EXPECT_THAT(refusal_with(pointer, value), StartsWith("m.pt: hftsim.json: " + field + ": got ")) << value;
  }
}

TEST(MetadataJson, ListsOfTheScalerAreAsLongAsTheFeatures) {
  EXPECT_THAT(refusal_with("/scaler/mean", {1.0, 2.0}), HasSubstr("scaler.mean: got 2 values, expected 3"));
  EXPECT_THAT(refusal_with("/scaler/scale", {1, 2, 3, 4}),
              HasSubstr("scaler.scale: got 4 values, expected 3"));
  EXPECT_THAT(refusal_with("/features", {"sma_5"}), HasSubstr("scaler.mean: got 3 values, expected 1"));
}

TEST(MetadataJson, AScaleIsFiniteAndAboveZero) {
  EXPECT_THAT(refusal_with("/scaler/scale/1", 0),
              HasSubstr("scaler.scale[1]: got 0, expected a finite number above"));
  EXPECT_THAT(refusal_with("/scaler/scale/2", -1e-9), HasSubstr("scaler.scale[2]: got -1e-09"));
  EXPECT_THAT(refusal_with("/scaler/scale/0", nullptr), HasSubstr("scaler.scale[0]: got null"));
  EXPECT_THAT(refusal_with("/scaler/mean/0", nullptr), HasSubstr("scaler.mean[0]: got null"));
  EXPECT_EQ(refusal_with("/scaler/scale/1", 1e-300), "");
}

TEST(MetadataJson, NumbersThatJsonDoesNotHaveAreRefused) {
  for (const char* number : {"NaN", "Infinity", "-Infinity", "1e999", "nan"}) {
    std::string text = example().dump();
    const std::size_t at = text.find("-0.1");
    ASSERT_NE(at, text.npos);
    text.replace(at, 4, number);
    EXPECT_THAT(refusal_of_text(text), HasSubstr("neither NaN nor Infinity")) << number;
  }
}

TEST(MetadataJson, LookbackAndHorizonAreSane) {
  for (const char* field : {"/lookback", "/horizon"}) {
    EXPECT_THAT(refusal_with(field, 0), HasSubstr("got 0, expected a whole number from 1 to 100000"));
    EXPECT_THAT(refusal_with(field, 100'001), HasSubstr("got 100001, expected"));
    EXPECT_THAT(refusal_with(field, -1), HasSubstr("got -1, expected"));
    EXPECT_THAT(refusal_with(field, std::uint64_t{1} << 40), HasSubstr("got 1099511627776, expected"));
    EXPECT_EQ(refusal_with(field, 1), "");
    EXPECT_EQ(refusal_with(field, 100'000), "");
  }
}

TEST(MetadataJson, AWindowHasABoundedNumberOfValues) {
  BundleMetadata metadata = example_metadata();
  metadata.features.clear();
  for (int i = 0; i < 1000; ++i) metadata.features.push_back("f" + std::to_string(i));
  metadata.scaler_mean.assign(1000, 0);
  metadata.scaler_scale.assign(1000, 1);
  metadata.lookback = 67'108;
  EXPECT_EQ(refusal_of([&] { to_json(metadata); }), "");
  metadata.lookback = 67'109;
  EXPECT_THAT(refusal_of([&] { to_json(metadata); }), HasSubstr("67109000 values in a window"));
}

TEST(MetadataJson, EveryFeatureIsAPlainNameAndThereOnce) {
  EXPECT_THAT(refusal_with("/features/2", "return_1"),
              HasSubstr("features[2]: got 'return_1', which is number 0 too, expected every feature once"));
  for (const char* name : {"", "sma 5", "sma\n5", "\x1b[31m", "sm\xc3\xa4"}) {
    EXPECT_THAT(refusal_with("/features/1", name), HasSubstr("features[1]: got \"")) << name;
  }
  EXPECT_THAT(refusal_with("/features/1", std::string(201, 'a')), HasSubstr("features[1]"));
  EXPECT_THAT(refusal_with("/features", Json::array()), HasSubstr("features: got 0 names"));
}

TEST(MetadataJson, MessagesCarryNoControlCharactersAndNoLongTexts) {
  const std::string message = refusal_with("/architecture", std::string(100'000, '\x1b'));
  EXPECT_LT(message.size(), 300u);
  EXPECT_EQ(message.find('\x1b'), message.npos);
  EXPECT_LT(refusal_with("/" + std::string(100'000, 'k'), 1).size(), 300u);
}

TEST(MetadataJson, TimesAreUtcAndInOrder) {
  for (const char* time : {"yesterday", "2026-01-02 05:31:00", "2026-13-02T05:31:00Z", "2026-01-02T05:31:00",
                           "2026-01-02T24:31:00Z", "2026-01-02T05:31:00Z "}) {
    EXPECT_THAT(refusal_with("/training/first", time), HasSubstr("training.first: got \"")) << time;
  }
  EXPECT_THAT(refusal_with("/training/last", "2025-01-02T05:31:00Z"), HasSubstr("training.last"));
  EXPECT_THAT(refusal_with("/training/last", ""), HasSubstr("training: got one time"));
  EXPECT_EQ(refusal_with("/training/last", "2026-01-08T00:00:00.999Z"), "");
}

TEST(MetadataJson, HashQuantizationAndWindowsAreOfTheirKind) {
  EXPECT_THAT(refusal_with("/weights_sha256", "abc"), HasSubstr("weights_sha256: got \"abc\""));
  EXPECT_THAT(refusal_with("/weights_sha256", std::string(64, 'A')), HasSubstr("lower case"));
  EXPECT_THAT(refusal_with("/quantization", "int3"), HasSubstr("quantization: got \"int3\""));
  EXPECT_THAT(refusal_with("/windows/1", 0), HasSubstr("windows[1]: got 0"));
  EXPECT_THAT(refusal_with("/windows/1", 100'001), HasSubstr("windows[1]: got 100001"));
  EXPECT_THAT(refusal_with("/scaler/non_finite", 1e39), HasSubstr("scaler.non_finite: got 1e+39"));
}

TEST(MetadataJson, NamesThatComeTwiceAreRefused) {
  EXPECT_THAT(refusal_of_text(R"({"format": 1, "format": 1})"), HasSubstr("got \"format\" twice"));
  EXPECT_THAT(refusal_of_text(R"({"format": 1, "scaler": {"mean": [], "mean": []}})"),
              HasSubstr("\"mean\" twice"));
}

TEST(MetadataJson, WhatIsNestedDeepIsRefusedBeforeItIsKept) {
  const std::string deep = R"({"format": )" + std::string(1'000'000, '[');
  EXPECT_THAT(refusal_of_text(deep), EndsWith("got values nested deeper, expected at most 8 levels"));
  std::string objects = R"({"format": )";
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_THAT(refusal_of_text(objects), HasSubstr("at most 8 levels"));
}

TEST(MetadataJson, EightLevelsAreReadAndNineAreNot) {
  const auto nested = [](std::size_t lists) {
    return R"({"format": 1, "architecture": )" + std::string(lists, '[') + std::string(lists, ']') + "}";
  };
  EXPECT_THAT(refusal_of_text(nested(7)), HasSubstr("architecture: got a list of 1"));
  EXPECT_THAT(refusal_of_text(nested(8)), HasSubstr("at most 8 levels"));
}

TEST(MetadataJson, WhatIsNoObjectIsRefused) {
  for (const char* text : {"", " ", "[]", "3", "\"a\"", "null", "{", "{}x", "\xff\xfe{}", "{\"\xff\": 1}"}) {
    EXPECT_THAT(refusal_of_text(text), StartsWith("m.pt: hftsim.json: ")) << text;
  }
  EXPECT_EQ(refusal_of_text("{}"), "m.pt: hftsim.json: 'format' is missing");
}

TEST(MetadataJson, WhatWouldBeRefusedIsNotWritten) {
  BundleMetadata metadata = example_metadata();
  metadata.scaler_scale[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(refusal_of([&] { to_json(metadata); }), HasSubstr("scaler.scale[1]: got nan"));
}

}  // namespace
}  // namespace hftsim::models
