// How alike two columns of numbers are, and whether that can be luck. Values that are not finite are left out
// pairwise: of two columns only the rows count in which both are finite.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace hftsim::models {

// Pearson's correlation (for a column of 0 and 1 it is the point-biserial one). NaN where it is undefined: fewer
// than two rows, or a column that is_constant there.
double pearson(std::span<const double> x, std::span<const double> y);

// Whether the finite values are one number but for rounding; true without any.
bool is_constant(std::span<const double> values);

// Twice the rank of each finite value among the finite ones, from 1 on; ties have the average of their ranks, so
// that twice of it is a whole number. 0 where the value is not finite. Fewer than 2^31 values.
using DoubledRanks = std::vector<std::uint32_t>;
DoubledRanks doubled_ranks(std::span<const double> values);

// Spearman's rank correlation (Spearman 1904): Pearson's of the ranks, among the rows both have. NaN where it is
// undefined. Up to 200,000 rows every sum is a whole number below 2^53: no rounding before the last division.
double spearman(const DoubledRanks& x, const DoubledRanks& y);

// Spearman's of every two columns, (size, size) row-major. `tick` is called once per column and may throw.
std::vector<double> spearman_matrix(std::span<const DoubledRanks> columns, const std::function<void()>& tick);

// Probability that luck alone gives a correlation this far from 0: two-sided, by Student's t with count - 2 degrees
// of freedom. `count`: independent observations, above 2. NaN for NaN.
double two_sided_p(double correlation, double count);

// Adjusted for as many tests as there are p values (Benjamini, Hochberg 1995): of those below 0.05, at most 5 % are luck on
// average. In the order given; no NaN among them.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace hftsim::models
