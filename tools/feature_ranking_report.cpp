#include "tools/feature_ranking_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "adapters/parquet_writer.h"

namespace hftsim {
namespace {

using models::FeatureChoice;
using models::FeatureRanking;
using models::Likeness;
using models::RankedFeature;

constexpr double kLevel = 0.05;
constexpr std::size_t kColumns = 110;

std::string row(const char* name, const std::string& value) {
  return fmt::format("  {:<15}{}\n", name, value);
}

std::string bars_text(std::uint32_t bars) {
  return bars == 1 ? "1 bar" : fmt::format("{} bars", bars);
}

double share(std::uint64_t count, const FeatureRanking& ranking) {
  return static_cast<double>(count) / static_cast<double>(ranking.rows);
}

std::string rows_text(const BarFeatures& rows, const FeatureRanking& ranking) {
  const std::uint64_t split = ranking.split_row;
  std::string text =
      row("ranked on", fmt::format("{} rows that would train, closed {} to {}", ranking.rows,
                                   iso_utc(rows.closed_at(0)), iso_utc(rows.closed_at(ranking.rows - 1)))) +
      row("label",
          fmt::format("1 where the close is higher {} later: {:.2f} % of them; {:.2f} % are unchanged",
                      bars_text(ranking.options.horizon), 100 * share(ranking.rises, ranking),
                      100 * share(ranking.unchanged, ranking)));
  if (split < rows.rows()) {
    text += row("not looked at", fmt::format("{} rows that would validate, from {} on", rows.rows() - split,
                                             iso_utc(rows.closed_at(split))));
  }
  return text;
}

std::string p_text(double p) {
  if (p < 1e-99) return "<1e-99";
  return p < 0.001 ? fmt::format("{:.0e}", p) : fmt::format("{:.3f}", p);
}

std::string likeness_text(const Likeness& likeness) {
  return likeness.name.empty() ? "" : fmt::format("{:.3f} {}", likeness.correlation, likeness.name);
}

std::string feature_line(const RankedFeature& feature, std::size_t place, std::size_t width) {
  std::string text = fmt::format("{:>3}  {:<{}} ", place, feature.name, width);
  if (std::isnan(feature.rank_correlation)) {
    text += fmt::format("{:>9} {:>8} {:>7} {:>8}", "n/a", "n/a", "n/a", "n/a");
  } else {
    text += fmt::format("{:>+9.4f} {:>+8.4f} {:>7} {:>8}", feature.rank_correlation, feature.correlation,
                        p_text(feature.p), p_text(feature.p_adjusted));
  }
  text += fmt::format("  {:<10} {}", name_of(feature.choice), likeness_text(feature.nearest_kept));
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::string feature_lines(const FeatureRanking& ranking) {
  std::size_t width = 7;
  for (const RankedFeature& feature : ranking.features) width = std::max(width, feature.name.size());
  std::string text = fmt::format("{:>3}  {:<{}} {:>9} {:>8} {:>7} {:>8}  {:<10} {}\n", "#", "feature", width,
                                 "rank corr", "corr", "p", "adjusted", "choice", "most like");
  for (std::size_t i = 0; i < ranking.features.size(); ++i)
    text += feature_line(ranking.features[i], i + 1, width);
  return text;
}

std::string legend(const FeatureRanking& ranking) {
  return row("rank corr",
             "Spearman's correlation with the label, by which the table is sorted; corr: Pearson's") +
         row("p", "probability that luck alone gives such a rank correlation") +
         row("adjusted",
             fmt::format("p, as {} tests at once need it (Benjamini, Hochberg 1995)", ranking.tests)) +
         row("most like",
             fmt::format("|rank correlation| with a better-ranked kept feature; redundant from {} on",
                         ranking.options.redundant));
}

std::uint64_t below_level(const FeatureRanking& ranking, double RankedFeature::*p) {
  return static_cast<std::uint64_t>(std::count_if(ranking.features.begin(), ranking.features.end(),
                                                  [p](const RankedFeature& f) { return f.*p < kLevel; }));
}

std::string significance(const FeatureRanking& ranking) {
  const std::uint64_t remain = below_level(ranking, &RankedFeature::p_adjusted);
  std::string text =
      row("significant", fmt::format("{} of {} have p below {}; luck alone would give about {:.0f}",
                                     below_level(ranking, &RankedFeature::p), ranking.tests, kLevel,
                                     kLevel * static_cast<double>(ranking.tests))) +
      row("", fmt::format("{} remain adjusted, {} by Bonferroni's bound{}", remain,
                          below_level(ranking, &RankedFeature::p_bonferroni),
                          remain > 0 ? "" : ": nothing here tells the features from noise"));
  if (ranking.options.horizon > 1) {
    text += row(
        "", fmt::format("p counts {:.0f} independent labels: neighbouring ones share {} of {} bars",
                        ranking.independent_labels(), ranking.options.horizon - 1, ranking.options.horizon));
  }
  return text;
}

std::string non_finite_lines(const FeatureRanking& ranking) {
  std::string text;
  for (const RankedFeature& feature : ranking.features) {
    if (feature.non_finite == 0) continue;
    text += row(text.empty() ? "not finite" : "",
                fmt::format("{}: {} of {} values, left out", feature.name, feature.non_finite, ranking.rows));
  }
  return text;
}

// "--features a,b,c", in lines that a shell puts together again.
std::string features_option(const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string text, line = "--features " + names.front();
  for (std::size_t i = 1; i < names.size(); ++i) {
    line += ',';
    if (line.size() + names[i].size() + 2 > kColumns) {
      text += line + "\\\n";
      line.clear();
    }
    line += names[i];
  }
  return text + line + "\n";
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json likeness_json(const Likeness& likeness) {
  if (likeness.name.empty()) return {};
  return {{"feature", likeness.name}, {"rank_correlation", likeness.correlation}};
}

Json feature_json(const RankedFeature& feature) {
  return {{"feature", feature.name},
          {"choice", name_of(feature.choice)},
          {"rank_correlation", number(feature.rank_correlation)},
          {"correlation", number(feature.correlation)},
          {"p", number(feature.p)},
          {"p_adjusted", number(feature.p_adjusted)},
          {"p_bonferroni", number(feature.p_bonferroni)},
          {"rows", feature.rows},
          {"non_finite", feature.non_finite},
          {"most_like", likeness_json(feature.nearest)},
          {"most_like_kept", likeness_json(feature.nearest_kept)}};
}

Json significance_json(const FeatureRanking& ranking) {
  return {{"level", kLevel},
          {"tests", ranking.tests},
          {"independent_labels", ranking.independent_labels()},
          {"unadjusted", below_level(ranking, &RankedFeature::p)},
          {"by_luck", kLevel * static_cast<double>(ranking.tests)},
          {"benjamini_hochberg", below_level(ranking, &RankedFeature::p_adjusted)},
          {"bonferroni", below_level(ranking, &RankedFeature::p_bonferroni)}};
}

// Columns of the table file, in order.
class RankingRows {
 public:
  static std::vector<TableColumn> columns() {
    constexpr ColumnType number = ColumnType::float64, count = ColumnType::int64, text = ColumnType::text;
    return {{"rank", count},          {"feature", text},
            {"choice", text},         {"rank_correlation", number},
            {"correlation", number},  {"p", number},
            {"p_adjusted", number},   {"p_bonferroni", number},
            {"rows", count},          {"non_finite", count},
            {"most_like", text},      {"most_like_correlation", number},
            {"most_like_kept", text}, {"most_like_kept_correlation", number}};
  }

  RankingRows(RowBatch& batch, std::size_t row) : batch_(batch), row_(row) {}

  void set(const RankedFeature& feature, std::size_t place) {
    set_count(place);
    set_text(feature.name);
    set_text(name_of(feature.choice));
    for (const double value : {feature.rank_correlation, feature.correlation, feature.p, feature.p_adjusted,
                               feature.p_bonferroni}) {
      set_number(value);
    }
    set_count(feature.rows);
    set_count(feature.non_finite);
    set_likeness(feature.nearest);
    set_likeness(feature.nearest_kept);
  }

 private:
  void set_count(std::uint64_t count) { batch_.int64(column_++)[row_] = static_cast<std::int64_t>(count); }
  void set_text(const std::string& text) { batch_.set_text(column_++, row_, text); }

  void set_number(double value) {
    if (std::isfinite(value)) {
      batch_.float64(column_)[row_] = value;
    } else {
      batch_.set_null(column_, row_);
    }
    ++column_;
  }

  void set_likeness(const Likeness& likeness) {
    if (likeness.name.empty()) {
      batch_.set_null(column_++, row_);
      batch_.set_null(column_++, row_);
    } else {
      set_text(likeness.name);
      set_number(likeness.correlation);
    }
  }

  RowBatch& batch_;
  std::size_t row_, column_ = 0;
};

}  // namespace

std::string ranking_table(const BarFeatures& rows, const FeatureRanking& ranking) {
  const std::vector<std::string> kept = ranking.kept();
  return rows_text(rows, ranking) + "\n" + feature_lines(ranking) + "\n" + legend(ranking) + "\n" +
         significance(ranking) + non_finite_lines(ranking) +
         row("kept", fmt::format("{} of {}; significant or not", kept.size(), ranking.features.size())) +
         "\n" + features_option(kept);
}

Json ranking_json(const BarFeatures& rows, const FeatureRanking& ranking) {
  Json features = Json::array();
  for (const RankedFeature& feature : ranking.features) features.push_back(feature_json(feature));
  const std::vector<std::string> kept = ranking.kept();
  return {{"horizon", ranking.options.horizon},
          {"validation_split", ranking.options.validation_split},
          {"redundant", ranking.options.redundant},
          {"rows", ranking.rows},
          {"rows_not_looked_at", rows.rows() - ranking.split_row},
          {"first_close", iso_utc(rows.closed_at(0))},
          {"last_close", iso_utc(rows.closed_at(ranking.rows - 1))},
          {"rise_share", share(ranking.rises, ranking)},
          {"unchanged_share", share(ranking.unchanged, ranking)},
          {"significant", significance_json(ranking)},
          {"kept", kept},
          {"features_option", fmt::format("{}", fmt::join(kept, ","))},
          {"ranking", features}};
}

void write_ranking(const std::filesystem::path& path, const FeatureRanking& ranking) {
  std::size_t done = 0;
  write_table(path, RankingRows::columns(), [&](RowBatch& batch) {
    const std::size_t count = std::min(batch.capacity(), ranking.features.size() - done);
    for (std::size_t i = 0; i < count; ++i, ++done)
      RankingRows(batch, i).set(ranking.features[done], done + 1);
    return count;
  });
}

}  // namespace hftsim
