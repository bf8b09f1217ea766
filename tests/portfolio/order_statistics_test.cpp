#include "engine/portfolio/order_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "engine/core/rng.h"
#include "engine/portfolio/quantile.h"
#include "engine/portfolio/return_stream.h"
#include "tests/portfolio/memory_series.h"

namespace hftsim {
namespace {

MemorySeries series_of_steps(std::size_t count, const std::function<double()>& step) {
  std::vector<double> equity{1000};
  for (std::size_t i = 0; i < count; ++i) equity.push_back(equity.back() * (1 + step()));
  return MemorySeries::of(equity);
}

void expect_equal_to_sorting(MemorySeries series, std::size_t buffer) {
  std::vector<double> sorted;
  for_each_return(series, [&](const BarReturn& bar) { sorted.push_back(bar.equity); });
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const std::vector<std::uint64_t> ranks{0,     n / 20,         std::min(n / 20 + 1, n - 1),
                                         n / 2, n - n / 20 - 1, n - 1};
  const std::vector<double> values = order_statistics(series, n, ranks, buffer);
  ASSERT_EQ(values.size(), ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) EXPECT_EQ(values[i], sorted[ranks[i]]) << ranks[i];
}

TEST(OrderStatistics, EqualSortingWhateverTheBuffer) {
  for (const std::size_t buffer : {1u, 2u, 50u, 4000u, 100000u}) {
    RandomStream random(buffer, "order statistics");
    expect_equal_to_sorting(series_of_steps(20000, [&] { return 0.001 * random.normal(); }), buffer);
  }
}

TEST(OrderStatistics, ManyEqualReturnsNeedNoRoom) {
  RandomStream random(5, "equal returns");
  const auto step = [&] {
    return random.below(10) == 0 ? 0.25 : 0.0;
  };
  expect_equal_to_sorting(series_of_steps(300, step), 4);
}

TEST(OrderStatistics, ReturnsOfEverySizeAndSign) {
  RandomStream random(6, "sizes");
  const auto step = [&] {
    const double size = std::ldexp(random.uniform(), -static_cast<int>(random.below(50)));
    return (random.below(2) == 0 ? -0.5 : 0.9) * size;
  };
  expect_equal_to_sorting(series_of_steps(3000, step), 8);
}

TEST(OrderStatistics, OneReturn) {
  expect_equal_to_sorting(MemorySeries::of({100, 99}), 1);
}

TEST(OrderStatistics, AShortSeriesTakesOnePass) {
  RandomStream random(7, "passes");
  MemorySeries series = series_of_steps(1000, [&] { return 0.001 * random.normal(); });
  const std::uint64_t ranks[] = {50};
  order_statistics(series, 1000, ranks);
  EXPECT_EQ(series.passes(), 1);
}

TEST(Quantile, LiesBetweenTwoOrderStatistics) {
  const QuantilePlace place = quantile_place(21, 0.05);
  EXPECT_EQ(place.lower, 1u);
  EXPECT_EQ(place.upper, 2u);
  EXPECT_NEAR(place.fraction, 0, 1e-12);
  EXPECT_DOUBLE_EQ(quantile_place(2, 0.25).between(10, 20), 12.5);
  EXPECT_EQ(quantile_place(1, 0.95).upper, 0u);
  EXPECT_EQ(quantile_place(5, 1.0).upper, 4u);
}

}  // namespace
}  // namespace hftsim
