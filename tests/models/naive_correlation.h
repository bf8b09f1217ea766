// Correlations as they are defined, in long double and quadratic time.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

namespace hftsim::models::naive {

using Column = std::vector<double>;

inline std::pair<Column, Column> common_rows(const Column& x, const Column& y) {
  std::pair<Column, Column> common;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    common.first.push_back(x[i]);
    common.second.push_back(y[i]);
  }
  return common;
}

inline long double mean(const Column& values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<long double>(values.size());
}

inline double pearson(const Column& all_x, const Column& all_y) {
  const auto [x, y] = common_rows(all_x, all_y);
  const long double x_mean = mean(x), y_mean = mean(y);
  long double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  return static_cast<double>(xy / std::sqrt(xx * yy));
}

// 1 + how many are smaller + half of how many others are equal.
inline Column ranks(const Column& values) {
  Column result;
  for (const double value : values) {
    double smaller = 0, equal = 0;
    for (const double other : values) {
      smaller += other < value;
      equal += other == value;
    }
    result.push_back(smaller + (equal + 1) / 2);
  }
  return result;
}

inline double spearman(const Column& all_x, const Column& all_y) {
  const auto [x, y] = common_rows(all_x, all_y);
  return pearson(ranks(x), ranks(y));
}

}  // namespace hftsim::models::naive
