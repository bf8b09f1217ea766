#include "models/training/training_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "engine/core/errors.h"
#include "tests/models/training_rows.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "no BadInput";
}

TEST(TrainingSet, LabelsAWindowByItsLastCloseAndTheOneAHorizonLater) {
  for (const std::uint32_t horizon : {1U, 3U, 10U}) {
    const TrainingRows rows = make_rows(300, 2);
    const TrainingSet set = make_training_set(rows.view(), {.lookback = 7, .horizon = horizon});
    for (const WindowSet* windows : {&set.training, &set.validation}) {
      for (std::size_t i = 0; i < windows->size(); ++i) {
        const std::size_t end = windows->first_rows[i] + 6;
        ASSERT_EQ(windows->labels[i] == 1.0F, rows.close[end + horizon] > rows.close[end]);
      }
    }
  }
}

TEST(TrainingSet, NeitherLooksPastTheSplitInTrainingNorBeforeItInValidation) {
  for (const std::uint32_t horizon : {1U, 5U}) {
    const TrainingRows rows = make_rows(200, 1);
    const TrainingSet set = make_training_set(rows.view(), {.lookback = 10, .horizon = horizon});
    EXPECT_EQ(set.split_row, 160u);
    EXPECT_EQ(set.training.first_rows.front(), 0u);
    EXPECT_EQ(set.training.first_rows.back() + 9 + horizon, 159u) << "the last label's close";
    EXPECT_EQ(set.training.size(), 160u - 9 - horizon);
    EXPECT_EQ(set.validation.first_rows.front() + 9, 160u) << "the first window's end";
    EXPECT_EQ(set.validation.first_rows.back() + 9 + horizon, 199u);
    EXPECT_EQ(set.validation.size(), 40u - horizon);
  }
}

TEST(TrainingSet, DoesNotChangeInTrainingWithWhatComesAfterTheSplit) {
  TrainingRows rows = make_rows(200, 3);
  const TrainingSet before = make_training_set(rows.view(), {.lookback = 10});
  for (std::size_t i = before.split_row; i < 200; ++i) {
    rows.close[i] = 200 - rows.close[i];
    for (std::size_t k = 0; k < 3; ++k) rows.at(k, i) = 1e6;
  }
  const TrainingSet after = make_training_set(rows.view(), {.lookback = 10});
  EXPECT_EQ(before.training.labels, after.training.labels);
  EXPECT_EQ(before.scaler.mean, after.scaler.mean);
  EXPECT_EQ(before.scaler.scale, after.scaler.scale);
  const std::size_t values = before.split_row * 3;
  EXPECT_TRUE(std::equal(before.rows.begin(), before.rows.begin() + static_cast<std::ptrdiff_t>(values),
                         after.rows.begin()));
}

TEST(TrainingSet, ScalesByMeanAndPopulationDeviationOfTheTrainingRows) {
  const TrainingRows rows = make_rows(500, 4);
  const TrainingSet set = make_training_set(rows.view(), {.lookback = 5});
  for (std::size_t k = 0; k < 4; ++k) {
    long double sum = 0, squares = 0;
    for (std::size_t i = 0; i < 400; ++i) sum += rows.columns[k * 500 + i];
    const long double mean = sum / 400;
    for (std::size_t i = 0; i < 400; ++i) {
      squares += (rows.columns[k * 500 + i] - mean) * (rows.columns[k * 500 + i] - mean);
    }
    const auto deviation = static_cast<double>(std::sqrt(squares / 400));
    EXPECT_NEAR(set.scaler.mean[k], static_cast<double>(mean), 1e-13 * std::fabs(set.scaler.mean[k]));
    EXPECT_NEAR(set.scaler.scale[k], deviation, 1e-13 * deviation);
    for (std::size_t i = 0; i < 500; ++i) {
      const double wanted = (rows.columns[k * 500 + i] - set.scaler.mean[k]) / set.scaler.scale[k];
      ASSERT_EQ(set.rows[i * 4 + k], static_cast<float>(wanted));
    }
  }
}

TEST(TrainingSet, KeepsADeviationThatIsSmallBesideTheMean) {
  TrainingRows rows = make_rows(1000, 1);
  for (std::size_t i = 0; i < 1000; ++i) rows.at(0, i) = 1e9 + static_cast<double>(i % 2) * 1e-3;
  const TrainingSet set = make_training_set(rows.view(), {.lookback = 5});
  EXPECT_NEAR(set.scaler.scale[0], 5e-4, 1e-7);
}

TEST(TrainingSet, ScalesAConstantFeatureByOne) {
  for (const double constant : {0.1, -3e7, 0.0, 1e-300}) {
    TrainingRows rows = make_rows(1000, 2);
    for (std::size_t i = 0; i < 1000; ++i) rows.at(1, i) = constant;
    const TrainingSet set = make_training_set(rows.view(), {.lookback = 5});
    EXPECT_EQ(set.scaler.mean[1], constant);
    EXPECT_EQ(set.scaler.scale[1], 1.0);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ(set.rows[i * 2 + 1], 0.0F);
  }
}

TEST(TrainingSet, CountsWhatIsNotFiniteAndLeavesItOut) {
  TrainingRows rows = make_rows(200, 3);
  TrainingRows without = rows;
  rows.at(1, 0) = kNan;  // the first too, which the mean is shifted by
  rows.at(1, 20) = kInfinity;
  rows.at(1, 190) = -kInfinity;
  const TrainingSet set = make_training_set(rows.view(), {.lookback = 5});
  EXPECT_THAT(set.non_finite, ElementsAre(0, 3, 0));
  for (const std::size_t row : {0UL, 20UL, 190UL}) EXPECT_EQ(set.rows[row * 3 + 1], 0.0F);
  double sum = 0;
  for (std::size_t i = 0; i < 160; ++i) sum += i == 0 || i == 20 ? 0 : without.at(1, i);
  EXPECT_NEAR(set.scaler.mean[1], sum / 158, 1e-12);
  EXPECT_THAT(set.rows, Each(::testing::Truly([](float value) { return std::isfinite(value); })));
}

TEST(TrainingSet, NamesAFeatureWithoutValues) {
  TrainingRows rows = make_rows(200, 3);
  for (std::size_t i = 0; i < 160; ++i) rows.at(2, i) = kNan;
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 5}); }),
              AllOf(HasSubstr("feature_2"), HasSubstr("160")));
}

TEST(TrainingSet, SaysHowManyRowsItNeeds) {
  const TrainingRows rows = make_rows(70, 1);
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 60}); }),
              AllOf(HasSubstr("70 rows"), HasSubstr("56 to train"), HasSubstr("at least 62"),
                    HasSubstr("lookback 60")));
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 5, .horizon = 20}); }),
              HasSubstr("22 to validate"));
  EXPECT_THAT(message_of([&] { make_training_set(make_rows(0, 1).view(), {}); }), HasSubstr("0 rows"));
}

TEST(TrainingSet, IsMadeOfAsFewRowsAsItSays) {
  TrainingRows rows = make_rows(17, 1);  // 14 to train, 3 to validate: two windows on each side
  for (std::size_t i = 0; i < 17; ++i) rows.close[i] = i % 2 == 0 ? 100 : 101;
  const TrainingSet set = make_training_set(rows.view(), {.lookback = 12});
  EXPECT_EQ(set.training.size(), 2u);
  EXPECT_EQ(set.validation.size(), 2u);
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 13}); }),
              HasSubstr("at least 15"));
}

TEST(TrainingSet, RefusesLabelsOfOneClass) {
  TrainingRows rows = make_rows(200, 1);
  for (std::size_t i = 0; i < 160; ++i) rows.close[i] = static_cast<double>(i);
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 5}); }),
              AllOf(HasSubstr("training rows"), HasSubstr("some that rise")));
  rows = make_rows(200, 1);
  for (std::size_t i = 150; i < 200; ++i) rows.close[i] = 7;
  EXPECT_THAT(message_of([&] { make_training_set(rows.view(), {.lookback = 5}); }),
              AllOf(HasSubstr("validation rows"), HasSubstr("39 windows of which 0 rise")));
}

TEST(TrainingSet, RefusesOptionsAndClosesOutOfRange) {
  TrainingRows rows = make_rows(200, 1);
  const auto refusal = [&](const TrainingSetOptions& options) {
    return message_of([&] { make_training_set(rows.view(), options); });
  };
  EXPECT_THAT(refusal({.lookback = 0}), HasSubstr("lookback"));
  EXPECT_THAT(refusal({.lookback = 5, .horizon = 0}), HasSubstr("horizon"));
  for (const double split : {0.0, 1.0, -1.0, kNan}) {
    EXPECT_THAT(refusal({.lookback = 5, .validation_split = split}), HasSubstr("validation_split"));
  }
  rows.close[17] = kNan;
  EXPECT_THAT(refusal({.lookback = 5}), HasSubstr("close of row 17"));
}

}  // namespace
}  // namespace hftsim::models
