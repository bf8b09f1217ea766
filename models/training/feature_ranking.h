// Which features say something of the label one by one, and which say the same twice: an aid to choose a model's
// features. Looks only at the rows that train a model, as training_set.h splits them: row t with
// t + horizon < split. What comes after does not change one bit of the result.
//
//   label        1 where close[t + horizon] > close[t], else 0
//   ranked by    |Spearman's rank correlation with the label|; ties stay in the order given
//   redundant    |Spearman's correlation| with a better-ranked feature that was kept is at least `redundant`
//
// Not modelled: what features say together, and what depends on the past of a feature in another way than
// monotonously. A network may use a feature that ranks last.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "models/training/training_set.h"

namespace hftsim::models {

struct RankingOptions {
  std::uint32_t horizon = 1;      // bars over which the close rises
  double validation_split = 0.2;  // the last share of the rows, in (0, 1)
  double redundant = 0.95;        // in (0, 1]
};

enum class FeatureChoice : std::uint8_t {
  keep,
  redundant,
  constant,    // one value but for rounding
  few_values,  // fewer finite ones than a ranking needs
  one_class,   // where it is finite all labels are the same
};
const char* name_of(FeatureChoice choice);  // "keep", "few values"

// A better-ranked feature and |Spearman's correlation| with it.
struct Likeness {
  std::string name;  // "": there is none
  double correlation = 0;
};

struct RankedFeature {
  static constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

  std::string name;
  FeatureChoice choice = FeatureChoice::keep;
  std::uint64_t rows = 0, non_finite = 0;  // labelled rows with a finite value, and without
  // With the label; p is of the rank correlation, adjusted as Benjamini and Hochberg do. All are NaN where it is
  // neither kept nor redundant.
  double rank_correlation = kUndefined, correlation = kUndefined;
  double p = kUndefined, p_adjusted = kUndefined, p_bonferroni = kUndefined;
  Likeness nearest, nearest_kept;  // of all better-ranked features, of those that were kept
};

struct FeatureRanking {
  RankingOptions options;
  std::uint64_t rows = 0;                  // labelled ones that were looked at: 0 .. rows - 1
  std::uint64_t split_row = 0;             // the first that validates
  std::uint64_t rises = 0, unchanged = 0;  // labels of 1; labels of 0 whose close did not move
  std::uint64_t tests = 0;                 // features that have a p
  std::vector<RankedFeature> features;     // the best first; those without a correlation last

  // Labels of neighbouring rows share all but one of their bars: what counts is as many as do not overlap. p values
  // are computed from these: right for features that hardly move in a horizon, too careful for others.
  double independent_labels() const { return static_cast<double>(rows) / options.horizon; }
  std::vector<std::string> kept() const;
};

constexpr std::uint64_t kMinIndependentLabels = 30;

// Throws BadInput: an option out of range.
void check_options(const RankingOptions& options);

// Called `total` times, now and then; what it throws ends the ranking.
using RankingObserver = std::function<void(std::size_t done, std::size_t total)>;

// Throws BadInput: options, fewer rows than kMinIndependentLabels need, closes before the split that are not finite,
// labels of one class only.
FeatureRanking rank_features(const FeatureRows& input, const RankingOptions& options,
                             const RankingObserver& observer = {});

}  // namespace hftsim::models
