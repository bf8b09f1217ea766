#include "models/training/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace hftsim::models {

namespace {

double cross_entropy(float probability, float label) {
  constexpr double kLowest = -100;
  const double of_label = label > 0.5F ? double{probability} : 1 - double{probability};
  return -std::max(std::log(of_label), kLowest);
}

bool is_right(float probability, float label) {
  return (probability > 0.5F) == (label > 0.5F);
}

// P(X >= successes) of a binomial: terms from the largest on, by their ratio.
double binomial_tail(std::uint64_t successes, std::uint64_t trials, double rate) {
  if (successes == 0 || rate >= 1) return 1;
  if (rate <= 0) return 0;
  const auto n = static_cast<double>(trials), k = static_cast<double>(successes);
  const double log_first = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                           k * std::log(rate) + (n - k) * std::log1p(-rate);
  // Below the mean the terms rise first; their sum is what the other side leaves of 1.
  if (k <= n * rate) return 1 - binomial_tail(trials - successes + 1, trials, 1 - rate);
  double sum = 0, term = 1;
  for (double i = k; i <= n && term > sum * 1e-17; i += 1) {
    sum += term;
    term *= (n - i) / (i + 1) * rate / (1 - rate);
  }
  return std::min(1.0, std::exp(log_first + std::log(sum)));
}

void set_accuracy(Evaluation& result, std::uint64_t right) {
  constexpr double kNormal = 1.959963984540054;  // two-sided 95 %
  const auto n = static_cast<double>(result.count);
  const double share = static_cast<double>(right) / n, z2 = kNormal * kNormal;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  result.accuracy = share;
  result.accuracy_low = std::max(middle - half, 0.0);
  result.accuracy_high = std::min(middle + half, 1.0);
  const double rises = static_cast<double>(result.rises) / n;
  result.baseline = std::max(rises, 1 - rises);
  result.p_value = binomial_tail(right, result.count, result.baseline);
}

// Mann and Whitney's U from the ranks of the rises, ties at the mean of their ranks.
double area_under_roc(std::span<const float> probabilities, std::span<const float> labels) {
  std::vector<std::pair<float, float>> sorted(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) sorted[i] = {probabilities[i], labels[i]};
  std::sort(sorted.begin(), sorted.end());
  double rank_sum = 0, rises = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t past = i;
    double rises_here = 0;
    for (; past < sorted.size() && sorted[past].first == sorted[i].first; ++past)
      rises_here += sorted[past].second;
    rank_sum += rises_here * static_cast<double>(i + past + 1) / 2;
    rises += rises_here;
    i = past;
  }
  const double falls = static_cast<double>(labels.size()) - rises;
  if (rises == 0 || falls == 0) return 0.5;
  return (rank_sum - rises * (rises + 1) / 2) / (rises * falls);
}

void set_calibration(Evaluation& result, std::span<const float> probabilities,
                     std::span<const float> labels) {
  auto& bins = result.calibration;
  const auto bin_count = static_cast<double>(bins.size());
  for (std::size_t b = 0; b < bins.size(); ++b) {
    bins[b].from = static_cast<double>(b) / bin_count;
    bins[b].to = static_cast<double>(b + 1) / bin_count;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto bin = static_cast<std::size_t>(double{probabilities[i]} * bin_count);
    CalibrationBin& into = bins[std::min(bin, bins.size() - 1)];
    into.count += 1;
    into.predicted += double{probabilities[i]};
    into.observed += double{labels[i]};
  }
  double error = 0;
  for (CalibrationBin& bin : bins) {
    if (bin.count == 0) continue;
    error += std::fabs(bin.predicted - bin.observed);
    bin.predicted /= static_cast<double>(bin.count);
    bin.observed /= static_cast<double>(bin.count);
  }
  result.calibration_error = error / static_cast<double>(labels.size());
}

}  // namespace

double log_loss(std::span<const float> probabilities, std::span<const float> labels) {
  assert(probabilities.size() == labels.size() && !labels.empty());
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += cross_entropy(probabilities[i], labels[i]);
  return sum / static_cast<double>(labels.size());
}

Evaluation evaluate(std::span<const float> probabilities, std::span<const float> labels) {
  Evaluation result;
  result.count = labels.size();
  result.log_loss = log_loss(probabilities, labels);
  std::uint64_t right = 0;
  double squares = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double error = double{probabilities[i]} - double{labels[i]};
    squares += error * error;
    right += is_right(probabilities[i], labels[i]);
    result.rises += labels[i] > 0.5F;
  }
  result.brier = squares / static_cast<double>(labels.size());
  result.auc = area_under_roc(probabilities, labels);
  set_accuracy(result, right);
  set_calibration(result, probabilities, labels);
  return result;
}

std::string verdict(const Evaluation& e) {
  const bool mostly_rises = 2 * e.rises > e.count;
  const std::string judgement = e.accuracy <= e.baseline ? "no better than that"
                                : e.p_value < 0.01       ? "better than that"
                                                         : "may be luck";
  return fmt::format(
      "accuracy {:.1f} % (95 %: {:.1f} .. {:.1f}) against {:.1f} % for always '{}': {} (p = {:.2g})",
      100 * e.accuracy, 100 * e.accuracy_low, 100 * e.accuracy_high, 100 * e.baseline,
      mostly_rises ? "rises" : "does not rise", judgement, e.p_value);
}

}  // namespace hftsim::models
