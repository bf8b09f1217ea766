#include "models/training/feature_ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/core/errors.h"
#include "models/training/correlation.h"

namespace hftsim::models {

namespace {

TrainingSetOptions split_options(const RankingOptions& options) {
  return {.lookback = 1, .horizon = options.horizon, .validation_split = options.validation_split};
}

std::vector<double> labels_before(std::size_t split, std::span<const double> close, std::uint32_t horizon) {
  std::vector<double> labels(split - horizon);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = rises_from(close, i, horizon) ? 1 : 0;
  return labels;
}

std::uint64_t count_unchanged(std::size_t labels, std::span<const double> close, std::uint32_t horizon) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < labels; ++i) count += close[i + horizon] == close[i] ? 1U : 0U;
  return count;
}

std::uint64_t count_rises(std::span<const double> labels) {
  const auto rises = static_cast<std::uint64_t>(std::count(labels.begin(), labels.end(), 1.0));
  if (rises == 0 || rises == labels.size()) {
    throw BadInput("training rows", fmt::format("{} labels of which {} rise", labels.size(), rises),
                   "some that rise and some that do not");
  }
  return rises;
}

void check_size(std::size_t rows, std::size_t split, std::uint32_t horizon) {
  const std::uint64_t needed = (kMinIndependentLabels + 1) * horizon;
  if (rows >= (std::size_t{1} << 31)) {
    throw BadInput("training data", fmt::format("{} rows", rows), "fewer than 2^31");
  }
  if (split >= needed) return;
  throw BadInput("training data", fmt::format("{} rows, {} of them to rank on", rows, split),
                 fmt::format("at least {} to rank on ({} times the horizon {})", needed,
                             kMinIndependentLabels + 1, horizon));
}

// What is known of a feature alone and with the label; `rank_correlation` is.
RankedFeature judge(const std::string& name, std::span<const double> values, std::span<const double> labels,
                    double rank_correlation, std::uint32_t horizon) {
  RankedFeature feature;
  feature.name = name;
  feature.rows = static_cast<std::uint64_t>(
      std::count_if(values.begin(), values.end(), [](double value) { return std::isfinite(value); }));
  feature.non_finite = values.size() - feature.rows;
  if (feature.rows < kMinIndependentLabels * horizon) {
    feature.choice = FeatureChoice::few_values;
  } else if (is_constant(values)) {
    feature.choice = FeatureChoice::constant;
  } else if (std::isnan(rank_correlation)) {
    feature.choice = FeatureChoice::one_class;
  } else {
    feature.rank_correlation = rank_correlation;
    feature.correlation = pearson(values, labels);
    feature.p = two_sided_p(rank_correlation, static_cast<double>(feature.rows) / horizon);
  }
  return feature;
}

bool has_correlation(const RankedFeature& feature) {
  return !std::isnan(feature.rank_correlation);
}

// The best first, ties and what has no correlation in the order given.
std::vector<std::size_t> ranking_of(const std::vector<RankedFeature>& features) {
  std::vector<std::size_t> order(features.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto strength = [&](std::size_t k) {
    return has_correlation(features[k]) ? std::fabs(features[k].rank_correlation) : -1;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return strength(a) > strength(b); });
  return order;
}

// A likeness of NaN, of features without common rows, is none.
void consider(Likeness& nearest, const std::string& name, double likeness) {
  if (likeness > (nearest.name.empty() ? -1 : nearest.correlation)) nearest = {name, likeness};
}

// `matrix` has the label first, then the features in the order given.
void choose(std::vector<RankedFeature>& features, std::span<const std::size_t> order,
            std::span<const double> matrix, double redundant) {
  const std::size_t size = features.size() + 1;
  for (std::size_t place = 0; place < order.size(); ++place) {
    RankedFeature& feature = features[order[place]];
    if (!has_correlation(feature)) break;
    for (const std::size_t better : order.first(place)) {
      const double likeness = std::fabs(matrix[(order[place] + 1) * size + better + 1]);
      consider(feature.nearest, features[better].name, likeness);
      if (features[better].choice == FeatureChoice::keep)
        consider(feature.nearest_kept, features[better].name, likeness);
    }
    if (feature.nearest_kept.correlation >= redundant) feature.choice = FeatureChoice::redundant;
  }
}

void adjust_for_tests(FeatureRanking& ranking) {
  std::vector<double> p_values;
  for (const RankedFeature& feature : ranking.features) {
    if (has_correlation(feature)) p_values.push_back(feature.p);
  }
  ranking.tests = p_values.size();
  const std::vector<double> adjusted = benjamini_hochberg(p_values);
  for (std::size_t k = 0; k < adjusted.size(); ++k) {  // those without a p are last
    ranking.features[k].p_adjusted = adjusted[k];
    ranking.features[k].p_bonferroni = std::min(1.0, p_values[k] * static_cast<double>(ranking.tests));
  }
}

}  // namespace

const char* name_of(FeatureChoice choice) {
  switch (choice) {
    case FeatureChoice::keep:
      return "keep";
    case FeatureChoice::redundant:
      return "redundant";
    case FeatureChoice::constant:
      return "constant";
    case FeatureChoice::few_values:
      return "few values";
    case FeatureChoice::one_class:
      return "one class";
  }
  assert(false);
  return "";
}

std::vector<std::string> FeatureRanking::kept() const {
  std::vector<std::string> names;
  for (const RankedFeature& feature : features) {
    if (feature.choice == FeatureChoice::keep) names.push_back(feature.name);
  }
  return names;
}

void check_options(const RankingOptions& options) {
  check_options(split_options(options));
  if (options.redundant > 0 && options.redundant <= 1) return;
  throw BadInput("redundant", fmt::format("{}", options.redundant), "above 0, at most 1");
}

FeatureRanking rank_features(const FeatureRows& input, const RankingOptions& options,
                             const RankingObserver& observer) {
  check_options(options);
  const std::size_t count = input.names.size(), rows = input.close.size();
  assert(count > 0 && input.stride >= rows);
  const std::size_t split = split_row_of(rows, options.validation_split);
  check_size(rows, split, options.horizon);
  check_closes(input.close.first(split));
  const std::vector<double> labels = labels_before(split, input.close, options.horizon);

  FeatureRanking ranking{.options = options,
                         .rows = labels.size(),
                         .split_row = split,
                         .rises = count_rises(labels),
                         .unchanged = count_unchanged(labels.size(), input.close, options.horizon),
                         .features = {}};
  const auto column = [&](std::size_t k) {
    return std::span(input.columns + k * input.stride, labels.size());
  };
  std::size_t done = 0;
  const auto tick = [&] {
    if (observer) observer(++done, 2 * count + 1);
  };
  std::vector<DoubledRanks> ranks = {doubled_ranks(labels)};
  for (std::size_t k = 0; k < count; ++k) {
    tick();
    ranks.push_back(doubled_ranks(column(k)));
  }
  const std::vector<double> matrix = spearman_matrix(ranks, tick);

  std::vector<RankedFeature> features;
  for (std::size_t k = 0; k < count; ++k)
    features.push_back(judge(input.names[k], column(k), labels, matrix[k + 1], options.horizon));
  const std::vector<std::size_t> order = ranking_of(features);
  choose(features, order, matrix, options.redundant);
  for (const std::size_t k : order) ranking.features.push_back(features[k]);
  adjust_for_tests(ranking);
  return ranking;
}

}  // namespace hftsim::models
