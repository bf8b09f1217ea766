#include "models/bundle_check.h"

#include <algorithm>

#include "engine/core/rng.h"
#include "engine/features/catalog.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Names = std::vector<std::string>;
using Windows = std::vector<std::uint32_t>;

std::string refusal(const BundleMetadata& metadata, const Names& run, const Windows& windows = {}) {
  return refusal_of([&] { check_features(metadata, run, windows, "m.pt"); });
}

TEST(BundleCheck, GivesTheSlotOfEveryInput) {
  const BundleMetadata metadata = example_metadata({"return_1", "sma_5", "hour_sin"});
  EXPECT_THAT(check_features(metadata, Names{"return_1", "sma_5", "hour_sin"}, {}, "m"),
              ElementsAre(0, 1, 2));
  EXPECT_THAT(
      check_features(metadata, Names{"trades", "return_1", "obv", "sma_5", "rsi_14", "hour_sin"}, {}, "m"),
      ElementsAre(1, 3, 5));
}

TEST(BundleCheck, TheDefaultFeaturesFitTheDefaultRow) {
  const Names row = features::default_features();
  const BundleMetadata metadata = example_metadata(Names(row.begin() + 1, row.end()));
  const auto slots = check_features(metadata, row, Windows{5, 10, 20}, "m");
  ASSERT_EQ(slots.size(), 84u);
  for (std::uint32_t k = 0; k < 84; ++k) EXPECT_EQ(slots[k], k + 1);
}

TEST(BundleCheck, AnUnknownFeatureIsNamedWithTheNearest) {
  const BundleMetadata metadata = example_metadata({"return_1", "smaa_5"});
  EXPECT_THAT(refusal(metadata, {"return_1", "smaa_5"}),
              AllOf(StartsWith("m.pt: "), HasSubstr("unknown feature 'smaa_5' (did you mean sma_5")));
}

TEST(BundleCheck, AFeatureThatTheRunDoesNotComputeIsNamed) {
  const BundleMetadata metadata = example_metadata({"return_1", "sma_5"});
  EXPECT_THAT(refusal(metadata, {"return_1", "sma_50"}),
              AllOf(HasSubstr("m.pt: its feature 'sma_5' is not computed in this run (did you mean sma_50"),
                    HasSubstr("features.list = none")));
}

TEST(BundleCheck, WindowsThatTheConfigNamesAreTheModels) {
  BundleMetadata metadata = example_metadata();
  const Names run = metadata.features;
  EXPECT_EQ(refusal(metadata, run, {5, 10, 20}), "");
  EXPECT_EQ(refusal(metadata, run, {20, 5, 10}), "");
  EXPECT_EQ(refusal(metadata, run, {}), "");
  EXPECT_THAT(refusal(metadata, run, {5, 10}),
              StartsWith("features.windows: got 5,10, expected 5,10,20, which m.pt was trained with"));
  metadata.windows = {};
  EXPECT_EQ(refusal(metadata, run, {5, 10}), "");
}

TEST(BundleCheck, AnotherOrderIsRefusedByItsFirstFeatureOutOfPlace) {
  const BundleMetadata metadata = example_metadata({"return_1", "sma_5", "hour_sin", "obv"});
  EXPECT_EQ(
      refusal(metadata, {"return_1", "sma_5", "trades", "obv", "hour_sin"}),
      "m.pt: its features are in another order than the run's: 'obv' is number 4 in the model and 4 in the "
      "run, "
      "behind 'hour_sin' there, which is number 5 in the run; features.list = none computes what the model "
      "and the strategy need, in the model's order");
}

TEST(BundleCheck, TakesARowExactlyWhenItKeepsTheOrder) {
  const Names row = features::default_features();
  RandomStream random(3, "orders");
  int in_order = 0;
  for (int round = 0; round < 500; ++round) {
    Names some;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < row.size(); ++i) {
      if (random.uniform() > 0.1) continue;
      some.push_back(row[i]);
      expected.push_back(i);
    }
    if (some.empty()) continue;
    if (some.size() > 1 && random.uniform() < 0.5) {
      const auto a = static_cast<std::size_t>(random.uniform() * static_cast<double>(some.size() - 1));
      std::swap(some[a], some[a + 1]);
      EXPECT_THAT(refusal(example_metadata(some), row), HasSubstr("'" + some[a + 1] + "' is number"));
    } else {
      EXPECT_EQ(check_features(example_metadata(some), row, {}, "m"), expected);
      ++in_order;
    }
  }
  EXPECT_GT(in_order, 100);
}

TEST(BundleCheck, MetadataThatWereNeverReadAreCheckedToo) {
  BundleMetadata metadata = example_metadata();
  metadata.scaler_mean.pop_back();
  EXPECT_THAT(refusal(metadata, metadata.features), HasSubstr("m.pt: scaler.mean: got 2 values, expected 3"));
  metadata = example_metadata();
  metadata.lookback = 0;
  EXPECT_THAT(refusal(metadata, metadata.features), HasSubstr("m.pt: lookback: got 0"));
}

}  // namespace
}  // namespace hftsim::models
