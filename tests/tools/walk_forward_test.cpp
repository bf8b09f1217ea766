#include "tools/walk_forward.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/refusal.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

using testing::HasSubstr;

RunConfig generated(std::int64_t bars) {
  RunConfig config;
  config.data.bars = bars;
  return config;
}

BarFeatures generated_rows(std::int64_t bars) {
  const RunConfig config = generated(bars);
  RunData data(config);
  return {data, {"return_1", "volume_ratio_20", "rsi_14"}};
}

TEST(PlanFolds, MovesThroughTheRowsAndTestsEachOnce) {
  const std::vector<Fold> folds = plan_folds(10'000, {4000, 1000, 1000});
  ASSERT_EQ(folds.size(), 6U);
  for (std::size_t k = 0; k < folds.size(); ++k) {
    EXPECT_EQ(folds[k].train_first, k * 1000);
    EXPECT_EQ(folds[k].test_first, 4000 + k * 1000);
    EXPECT_EQ(folds[k].test_last, 5000 + k * 1000);
  }
}

TEST(PlanFolds, TestsWhatIsLeftAtTheEnd) {
  const std::vector<Fold> folds = plan_folds(6100, {4000, 1000, 1000});
  ASSERT_EQ(folds.size(), 3U);
  EXPECT_EQ(folds.back().test_first, 6000U);
  EXPECT_EQ(folds.back().test_last, 6100U);
}

TEST(PlanFolds, ANewerModelSpeaksInPlaceOfTheOneBefore) {
  const std::vector<Fold> folds = plan_folds(5500, {4000, 1000, 400});
  ASSERT_EQ(folds.size(), 3U);
  for (std::size_t k = 0; k + 1 < folds.size(); ++k) EXPECT_EQ(folds[k].test_last, folds[k + 1].test_first);
  EXPECT_EQ(folds.back().test_last, 5500U);
}

TEST(PlanFolds, RefusesWhatMakesNoSense) {
  EXPECT_THAT(refusal_of([] { plan_folds(100, {0, 10, 10}); }), HasSubstr("--train-bars"));
  EXPECT_THAT(refusal_of([] { plan_folds(100, {10, 0, 10}); }), HasSubstr("--test-bars"));
  EXPECT_THAT(refusal_of([] { plan_folds(100, {10, 10, 0}); }), HasSubstr("--step"));
  EXPECT_THAT(refusal_of([] { plan_folds(100, {10, 10, 11}); }), HasSubstr("--step"));
  EXPECT_THAT(refusal_of([] { plan_folds(100, {100, 10, 10}); }), HasSubstr("--train-bars"));
}

// A fold's model as honest training leaves it, and what it becomes when it has seen more.
class CheckFold : public testing::Test {
 protected:
  CheckFold() : rows_(generated_rows(3000)) { options_.set.lookback = 20; }

  // As if rows [train_first, last) had been there.
  models::BundleMetadata trained_up_to(std::size_t last) const {
    const models::TrainingSet set = make_training_set(rows_.slice(fold_.train_first, last), options_.set);
    models::BundleMetadata metadata;
    metadata.features = rows_.names();
    metadata.scaler_mean = set.scaler.mean;
    metadata.scaler_scale = set.scaler.scale;
    metadata.training.first = iso_utc(rows_.closed_at(fold_.train_first));
    metadata.training.last = iso_utc(rows_.closed_at(fold_.train_first + set.split_row - 1));
    metadata.training.validation_last = iso_utc(rows_.closed_at(last - 1));
    return metadata;
  }

  std::string verdict_on(const models::BundleMetadata& metadata) const {
    return refusal_of([&] { check_fold(rows_, fold_, metadata, options_, "fold-01.pt"); });
  }

  BarFeatures rows_;
  TrainingOptions options_;
  Fold fold_{500, 1500, 2000};
};

TEST_F(CheckFold, AcceptsAModelThatSawItsTrainingBarsAlone) {
  EXPECT_NO_THROW(check_fold(rows_, fold_, trained_up_to(1500), options_, "fold-01.pt"));
}

TEST_F(CheckFold, FindsAModelThatSawOneBarOfItsTest) {
  EXPECT_THAT(verdict_on(trained_up_to(1501)), HasSubstr("before its test"));
}

// Times alone would not show it: the scaler of all rows, as research code likes to fit it.
TEST_F(CheckFold, FindsAScalerThatSawTheTest) {
  models::BundleMetadata metadata = trained_up_to(1500);
  metadata.scaler_mean = trained_up_to(2000).scaler_mean;
  EXPECT_THAT(verdict_on(metadata), HasSubstr("scaler of return_1"));
  metadata = trained_up_to(1500);
  metadata.scaler_scale[2] = std::nextafter(metadata.scaler_scale[2], 1e9);
  EXPECT_THAT(verdict_on(metadata), HasSubstr("scaler of rsi_14"));
}

TEST_F(CheckFold, FindsAModelThatDoesNotSayWhatItSaw) {
  models::BundleMetadata metadata = trained_up_to(1500);
  metadata.training.validation_last.clear();
  EXPECT_THAT(verdict_on(metadata), HasSubstr("no time"));
}

}  // namespace
}  // namespace hftsim
