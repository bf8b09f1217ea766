// Statistics of series, for what generated data have in common with a real market's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace hftsim::test {

using Series = std::vector<double>;

inline double mean(const Series& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

inline double correlation(const Series& x, const Series& y) {
  const double mean_x = mean(x), mean_y = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

inline double autocorrelation(const Series& x, std::size_t lag) {
  const auto shift = static_cast<std::ptrdiff_t>(lag);
  return correlation(Series(x.begin(), x.end() - shift), Series(x.begin() + shift, x.end()));
}

// Mean autocorrelation over some lags, which a single lag's noise does not move.
inline double autocorrelation(const Series& x, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t lag = from; lag <= to; ++lag) sum += autocorrelation(x, lag);
  return sum / static_cast<double>(to - from + 1);
}

inline double standard_deviation(const Series& x) {
  const double m = mean(x);
  double sum = 0;
  for (const double v : x) sum += (v - m) * (v - m);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

inline double kurtosis(const Series& x) {
  const double m = mean(x), sd = standard_deviation(x);
  double sum = 0;
  for (const double v : x) sum += std::pow((v - m) / sd, 4);
  return sum / static_cast<double>(x.size());
}

inline double quantile(Series x, double share) {
  const auto at = x.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(x.size() - 1));
  std::nth_element(x.begin(), at, x.end());
  return *at;
}

// Variance over mean of counts: 1 where what is counted comes independently (Poisson), more where it clusters.
inline double dispersion(const Series& counts) {
  const double sd = standard_deviation(counts);
  return sd * sd / mean(counts);
}

}  // namespace hftsim::test
