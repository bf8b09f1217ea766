#include "models/training/correlation.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace hftsim::models {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLanes = 8, kBlock = 512;

struct Pairs {
  std::vector<double> x, y;
};

Pairs finite_pairs(std::span<const double> x, std::span<const double> y) {
  Pairs pairs;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    pairs.x.push_back(x[i]);
    pairs.y.push_back(y[i]);
  }
  return pairs;
}

// Values less their mean, over a power of two that keeps their squares from overflow and underflow.
void centre(std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  for (double& value : values) value = std::scalbn(value, -exponent);
  const double first = values.front();
  double sum = 0;
  for (const double value : values) sum += value - first;
  const double mean = first + sum / static_cast<double>(values.size());
  double rest = 0, span = 0;
  for (double& value : values) rest += value -= mean;
  rest /= static_cast<double>(values.size());  // what rounding left in the mean
  for (double& value : values) span = std::max(span, std::fabs(value -= rest));
  if (span == 0) return;
  for (double& value : values) value = std::scalbn(value, -std::ilogb(span));
}

double dot(const double* x, const double* y, std::size_t count) {
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] += x[i + k] * y[i + k];
  }
  for (std::size_t k = 0; i + k < count; ++k) lanes[k] += x[i + k] * y[i + k];
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

double correlation_of(double xy, double xx, double yy) {
  if (!(xx > 0 && yy > 0)) return kNan;
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

double centred(std::uint32_t doubled_rank, std::size_t count) {
  return static_cast<double>(doubled_rank) - static_cast<double>(count + 1);
}

// The ranks that ranks have among themselves, by counting.
void rank_anew(DoubledRanks& ranks, std::size_t most) {
  DoubledRanks table(most + 1);
  for (const std::uint32_t rank : ranks) ++table[rank];
  std::uint32_t before = 0;
  for (std::uint32_t& entry : table) {
    const std::uint32_t ties = std::exchange(entry, 2 * before + entry + 1);
    before += ties;
  }
  for (std::uint32_t& rank : ranks) rank = table[rank];
}

bool has_gaps(const DoubledRanks& ranks) {
  return std::find(ranks.begin(), ranks.end(), 0U) != ranks.end();
}

double dense_spearman(const DoubledRanks& x, const DoubledRanks& y) {
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = centred(x[i], x.size()), b = centred(y[i], x.size());
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return correlation_of(xy, xx, yy);
}

// Sums of products of columns without gaps: block by block, so that all columns of a block stay in the cache.
std::vector<double> products(std::span<const DoubledRanks* const> columns) {
  const std::size_t size = columns.size(), rows = size == 0 ? 0 : columns.front()->size();
  std::vector<double> sums(size * size), block(size * kBlock);
  for (std::size_t first = 0; first < rows; first += kBlock) {
    const std::size_t count = std::min(kBlock, rows - first);
    for (std::size_t k = 0; k < size; ++k) {
      std::transform(columns[k]->data() + first, columns[k]->data() + first + count,
                     block.data() + k * kBlock, [&](std::uint32_t rank) { return centred(rank, rows); });
    }
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        sums[a * size + b] += dot(block.data() + a * kBlock, block.data() + b * kBlock, count);
      }
    }
  }
  return sums;
}

}  // namespace

double pearson(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  Pairs pairs = finite_pairs(x, y);
  if (pairs.x.size() < 2 || is_constant(pairs.x) || is_constant(pairs.y)) return kNan;
  centre(pairs.x);
  centre(pairs.y);
  const double *a = pairs.x.data(), *b = pairs.y.data();
  const std::size_t count = pairs.x.size();
  return correlation_of(dot(a, b, count), dot(a, a, count), dot(b, b, count));
}

bool is_constant(std::span<const double> values) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  if (!(least < most)) return true;
  const double size = std::max(std::fabs(least), std::fabs(most));
  return most / size - least / size <= 10 * std::numeric_limits<double>::epsilon();
}

DoubledRanks doubled_ranks(std::span<const double> values) {
  assert(values.size() < (std::size_t{1} << 31));
  std::vector<std::pair<double, std::uint32_t>> sorted;
  sorted.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) sorted.emplace_back(values[i], static_cast<std::uint32_t>(i));
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  DoubledRanks ranks(values.size());
  for (std::size_t first = 0, past = 0; first < sorted.size(); first = past) {
    while (past < sorted.size() && sorted[past].first == sorted[first].first) ++past;
    for (std::size_t i = first; i < past; ++i)
      ranks[sorted[i].second] = static_cast<std::uint32_t>(first + past + 1);
  }
  return ranks;
}

double spearman(const DoubledRanks& x, const DoubledRanks& y) {
  assert(x.size() == y.size());
  if (!has_gaps(x) && !has_gaps(y)) return dense_spearman(x, y);
  DoubledRanks a, b;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] == 0 || y[i] == 0) continue;
    a.push_back(x[i]);
    b.push_back(y[i]);
  }
  rank_anew(a, 2 * x.size());
  rank_anew(b, 2 * x.size());
  return dense_spearman(a, b);
}

std::vector<double> spearman_matrix(std::span<const DoubledRanks> columns,
                                    const std::function<void()>& tick) {
  const std::size_t size = columns.size();
  std::vector<const DoubledRanks*> dense;
  std::vector<std::size_t> place(size, size);  // among the dense ones; size: has gaps
  for (std::size_t k = 0; k < size; ++k) {
    if (has_gaps(columns[k])) continue;
    place[k] = dense.size();
    dense.push_back(&columns[k]);
  }
  const std::vector<double> sums = products(dense);
  const auto sum = [&](std::size_t a, std::size_t b) {
    return sums[place[a] * dense.size() + place[b]];
  };
  std::vector<double> matrix(size * size);
  for (std::size_t a = 0; a < size; ++a) {
    tick();
    for (std::size_t b = 0; b <= a; ++b) {
      const bool both = place[a] < size && place[b] < size;
      matrix[a * size + b] = matrix[b * size + a] =
          both ? correlation_of(sum(a, b), sum(a, a), sum(b, b)) : spearman(columns[a], columns[b]);
    }
  }
  return matrix;
}

double two_sided_p(double correlation, double count) {
  assert(count > 2);
  if (std::isnan(correlation)) return kNan;
  const double rest = 1 - correlation * correlation;
  if (rest <= 0) return 0;
  const double t = std::fabs(correlation) * std::sqrt((count - 2) / rest);
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(count - 2), t));
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * static_cast<double>(p_values.size()) / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

}  // namespace hftsim::models
