#include "models/training/feature_ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "models/training/correlation.h"
#include "tests/models/naive_correlation.h"
#include "tests/models/refusal.h"
#include "tests/models/training_rows.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kRows = 500, kSplit = 400;

void fill(TrainingRows& rows, std::size_t feature, auto value_of_row) {
  for (std::size_t i = 0; i < rows.close.size(); ++i) rows.at(feature, i) = value_of_row(i);
}

const RankedFeature& find(const FeatureRanking& ranking, const std::string& name) {
  return *std::find_if(ranking.features.begin(), ranking.features.end(),
                       [&](const RankedFeature& feature) { return feature.name == name; });
}

naive::Column training_labels(const TrainingRows& rows, std::uint32_t horizon) {
  naive::Column labels;
  for (std::size_t i = 0; i + horizon < kSplit; ++i)
    labels.push_back(rows.close[i + horizon] > rows.close[i]);
  return labels;
}

naive::Column training_column(const TrainingRows& rows, std::size_t feature, std::uint32_t horizon) {
  const auto first = rows.columns.begin() + static_cast<std::ptrdiff_t>(feature * rows.close.size());
  return {first, first + static_cast<std::ptrdiff_t>(kSplit - horizon)};
}

// Everything in it, to the bit.
std::vector<std::string> bits_of(const FeatureRanking& ranking) {
  std::vector<std::string> bits = {std::to_string(ranking.rows), std::to_string(ranking.rises),
                                   std::to_string(ranking.tests), std::to_string(ranking.unchanged)};
  for (const RankedFeature& f : ranking.features) {
    for (const std::string& text :
         {f.name, std::string(name_of(f.choice)), f.nearest.name, f.nearest_kept.name})
      bits.push_back(text);
    for (const double value : {f.rank_correlation, f.correlation, f.p, f.p_adjusted, f.p_bonferroni,
                               f.nearest.correlation, f.nearest_kept.correlation}) {
      bits.push_back(std::to_string(std::bit_cast<std::uint64_t>(value)));
    }
    bits.push_back(std::to_string(f.rows) + " " + std::to_string(f.non_finite));
  }
  return bits;
}

TEST(FeatureRanking, CorrelatesFeaturesAndLabelsOfTheTrainingRowsAsDefined) {
  for (const std::uint32_t horizon : {1U, 3U, 10U}) {
    TrainingRows rows = make_rows(kRows, 5, 0.5);
    fill(rows, 2, [](std::size_t i) { return static_cast<double>(i % 7); });
    const FeatureRanking ranking = rank_features(rows.view(), {.horizon = horizon});
    const naive::Column labels = training_labels(rows, horizon);
    EXPECT_EQ(ranking.split_row, kSplit);
    EXPECT_EQ(ranking.rows, kSplit - horizon);
    EXPECT_EQ(ranking.rises, static_cast<std::uint64_t>(std::count(labels.begin(), labels.end(), 1.0)));
    for (std::size_t k = 0; k < 5; ++k) {
      const RankedFeature& feature = find(ranking, rows.names[k]);
      const naive::Column column = training_column(rows, k, horizon);
      EXPECT_NEAR(feature.correlation, naive::pearson(column, labels), 1e-13);
      EXPECT_NEAR(feature.rank_correlation, naive::spearman(column, labels), 1e-13);
      EXPECT_EQ(feature.p,
                two_sided_p(feature.rank_correlation, static_cast<double>(kSplit - horizon) / horizon));
      EXPECT_EQ(feature.rows, kSplit - horizon);
    }
  }
}

TEST(FeatureRanking, PutsWhatKnowsTheLabelFirst) {
  TrainingRows rows = make_rows(kRows, 6);
  fill(rows, 4,
       [&](std::size_t i) { return i + 1 < kRows && rows.close[i + 1] > rows.close[i] ? 1.0 : 0.0; });
  fill(rows, 2, [&](std::size_t i) { return -rows.at(4, i) + 0.3 * (i % 5 == 0); });
  const FeatureRanking ranking = rank_features(rows.view(), {});
  EXPECT_EQ(ranking.features[0].name, "feature_4");
  EXPECT_EQ(ranking.features[0].rank_correlation, 1.0);
  EXPECT_EQ(ranking.features[0].p, 0.0);
  EXPECT_EQ(ranking.features[1].name, "feature_2");
  EXPECT_LT(ranking.features[1].rank_correlation, -0.8) << "sorted by size, whatever the sign";
  for (std::size_t i = 1; i < 6; ++i) {
    EXPECT_GE(std::fabs(ranking.features[i - 1].rank_correlation),
              std::fabs(ranking.features[i].rank_correlation));
  }
}

TEST(FeatureRanking, ACopyIsRedundantWithTheFirstInTheOrderGiven) {
  TrainingRows rows = make_rows(kRows, 4, 2.0);
  fill(rows, 2, [&](std::size_t i) { return rows.at(0, i); });
  fill(rows, 3, [&](std::size_t i) { return -std::exp(rows.at(0, i) / 10); });  // monotone: the same ranks
  const FeatureRanking ranking = rank_features(rows.view(), {});
  for (const std::size_t place : {1U, 2U}) {
    const RankedFeature& copy = ranking.features[place];
    EXPECT_EQ(copy.name, place == 1 ? "feature_2" : "feature_3");
    EXPECT_EQ(copy.choice, FeatureChoice::redundant);
    EXPECT_EQ(copy.nearest_kept.name, "feature_0");
    EXPECT_EQ(copy.nearest_kept.correlation, 1.0);
  }
  EXPECT_THAT(ranking.kept(), ElementsAre("feature_0", "feature_1"));
}

TEST(FeatureRanking, WhatIsOnlyLikeARedundantOneIsKept) {
  TrainingRows rows = make_rows(5000, 3, 4.0);
  RandomStream random(5, "chain");
  fill(rows, 1, [&](std::size_t i) { return rows.at(0, i) + 1.4 * random.normal(); });
  fill(rows, 2, [&](std::size_t i) { return rows.at(1, i) + 1.4 * random.normal(); });
  const FeatureRanking ranking = rank_features(rows.view(), {.redundant = 0.93});
  EXPECT_THAT(ranking.kept(), ElementsAre("feature_0", "feature_2"));
  const RankedFeature& last = ranking.features[2];
  EXPECT_EQ(last.nearest.name, "feature_1");
  EXPECT_GE(last.nearest.correlation, 0.93);
  EXPECT_EQ(last.nearest_kept.name, "feature_0");
  EXPECT_LT(last.nearest_kept.correlation, 0.93);
  EXPECT_THAT(rank_features(rows.view(), {.redundant = 0.5}).kept(), ElementsAre("feature_0"));
}

TEST(FeatureRanking, DoesNotChangeByOneBitWithWhatComesAfterTheSplit) {
  for (const std::uint32_t horizon : {1U, 5U}) {
    TrainingRows rows = make_rows(kRows, 4, 1.0);
    const auto before = bits_of(rank_features(rows.view(), {.horizon = horizon}));
    for (std::size_t i = kSplit; i < kRows; ++i) {
      rows.close[i] = i % 2 == 0 ? kNan : -1e9;
      for (std::size_t k = 0; k < 4; ++k) rows.at(k, i) = k == 0 ? kNan : 1e300;
    }
    EXPECT_EQ(bits_of(rank_features(rows.view(), {.horizon = horizon})), before);
    double& last = rows.close[kSplit - 1];  // that a label sees: now it says the opposite
    last = 2 * rows.close[kSplit - 1 - horizon] - last;
    EXPECT_NE(bits_of(rank_features(rows.view(), {.horizon = horizon})), before);
  }
}

TEST(FeatureRanking, LeavesValuesThatAreNotFiniteOutAndCountsThem) {
  TrainingRows rows = make_rows(kRows, 3, 1.0);
  for (std::size_t i = 0; i < kSplit; i += 10) rows.at(0, i) = i % 20 == 0 ? kNan : 1 / 0.0;
  rows.at(1, kSplit) = kNan;  // validates: not looked at
  const FeatureRanking ranking = rank_features(rows.view(), {});
  const RankedFeature& feature = find(ranking, "feature_0");
  EXPECT_EQ(feature.non_finite, 40u);
  EXPECT_EQ(feature.rows, 359u);
  EXPECT_EQ(find(ranking, "feature_1").non_finite, 0u);
  const naive::Column column = training_column(rows, 0, 1), labels = training_labels(rows, 1);
  EXPECT_NEAR(feature.rank_correlation, naive::spearman(column, labels), 1e-13);
  EXPECT_NEAR(feature.correlation, naive::pearson(column, labels), 1e-13);
  EXPECT_EQ(feature.p, two_sided_p(feature.rank_correlation, 359));
}

TEST(FeatureRanking, WhatHasNoCorrelationSaysWhyAndComesLast) {
  TrainingRows rows = make_rows(kRows, 5);
  fill(rows, 0, [](std::size_t) { return 0.1; });
  fill(rows, 1, [](std::size_t i) { return i < 29 ? static_cast<double>(i) : kNan; });
  fill(rows, 2, [&](std::size_t i) {
    return i + 1 < kRows && rows.close[i + 1] > rows.close[i] ? static_cast<double>(i) : kNan;
  });
  const FeatureRanking ranking = rank_features(rows.view(), {});
  const FeatureChoice reasons[] = {FeatureChoice::constant, FeatureChoice::few_values,
                                   FeatureChoice::one_class};
  for (std::size_t k = 0; k < 3; ++k) {
    const RankedFeature& feature = ranking.features[k + 2];
    EXPECT_EQ(feature.name, rows.names[k]);
    EXPECT_EQ(feature.choice, reasons[k]);
    for (const double value : {feature.rank_correlation, feature.correlation, feature.p, feature.p_adjusted})
      EXPECT_TRUE(std::isnan(value));
  }
  EXPECT_EQ(ranking.tests, 2u) << "adjusted for those that have a p";
  EXPECT_EQ(ranking.kept().size(), 2u);
}

TEST(FeatureRanking, AdjustsForAsManyTestsAsThereAre) {
  const FeatureRanking ranking = rank_features(make_rows(kRows, 40).view(), {});
  EXPECT_EQ(ranking.tests, 40u);
  for (const RankedFeature& feature : ranking.features) {
    EXPECT_EQ(feature.p_bonferroni, std::min(1.0, 40 * feature.p));
    EXPECT_GE(feature.p_adjusted, feature.p);
    EXPECT_LE(feature.p_adjusted, feature.p_bonferroni);
  }
}

// Noise: of 2,000 features about 5 % have p below 0.05, and adjusted none remains.
TEST(FeatureRanking, SomeNoiseLooksSignificantAndDoesNotAdjusted) {
  const FeatureRanking ranking = rank_features(make_rows(kRows, 2000).view(), {});
  int raw = 0, adjusted = 0;
  for (const RankedFeature& feature : ranking.features) {
    raw += feature.p < 0.05;
    adjusted += feature.p_adjusted < 0.05;
  }
  EXPECT_GT(raw, 70);
  EXPECT_LT(raw, 130);
  EXPECT_EQ(adjusted, 0);
}

TEST(FeatureRanking, CountsLabelsThatDoNotMove) {
  TrainingRows rows = make_rows(kRows, 1);
  for (std::size_t i = 0; i < 20; ++i) rows.close[100 + i] = 7;
  EXPECT_EQ(rank_features(rows.view(), {}).unchanged, 19u);
}

TEST(FeatureRanking, RefusesWhatCannotBeRanked) {
  TrainingRows rows = make_rows(kRows, 2);
  const auto refusal = [&](const RankingOptions& options) {
    return refusal_of([&] { rank_features(rows.view(), options); });
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.horizon = 0}), "horizon: got 0, expected 1 or more");
  for (const double split : {0.0, 1.0, kNan})
    EXPECT_THAT(refusal({.validation_split = split}), HasSubstr("validation_split: got "));
  for (const double redundant : {0.0, -1.0, 1.01, kNan}) {
    EXPECT_THAT(refusal({.redundant = redundant}),
                AllOf(HasSubstr("redundant: got "), HasSubstr("above 0, at most 1")));
  }
  EXPECT_EQ(refusal({.horizon = 12}), "");
  EXPECT_THAT(refusal({.horizon = 13}), AllOf(HasSubstr("500 rows, 400 of them"), HasSubstr("at least 403")));
  EXPECT_THAT(refusal({.horizon = 4'000'000'000}), HasSubstr("at least 124000000000"));
  rows.close[17] = kNan;
  EXPECT_THAT(refusal({}), HasSubstr("close of row 17"));
  for (std::size_t i = 0; i < kSplit; ++i) rows.close[i] = static_cast<double>(i);
  EXPECT_THAT(refusal({}), AllOf(HasSubstr("399 labels of which 399 rise"), HasSubstr("some that rise")));
}

TEST(FeatureRanking, CanBeEndedOnItsWay) {
  const TrainingRows rows = make_rows(kRows, 3);
  std::size_t calls = 0, last = 0;
  rank_features(rows.view(), {}, [&](std::size_t done, std::size_t total) {
    ++calls;
    EXPECT_GT(done, last);
    EXPECT_LE(last = done, total);
  });
  EXPECT_GT(calls, 3u);
  EXPECT_THROW(rank_features(rows.view(), {}, [](std::size_t, std::size_t) { throw IoFailure("stop"); }),
               IoFailure);
}

}  // namespace
}  // namespace hftsim::models
