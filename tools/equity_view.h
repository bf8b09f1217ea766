// What the report shows of an equity curve of any length: buckets for the chart, rolling figures, mean returns by
// hour and weekday. One pass, bounded memory.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/portfolio/equity_series.h"
#include "tools/chart_buckets.h"

namespace hftsim {

// Neighbouring marks merged: lowest, highest and last equity, deepest drawdown.
struct EquityBucket {
  std::int64_t ts_ns;  // of the last mark
  double min, max, last;
  double benchmark;     // at the last mark
  double drawdown_pct;  // below the running peak, 0..100

  void merge(const EquityBucket& later);
};

// Sharpe ratio and volatility over the last `window` returns, annualised, at every `stride`-th mark. A window in which
// equity all but stood still has no Sharpe ratio: its volatility is below a twentieth of the run's, and what is divided
// by it says nothing of the strategy.
class RollingFigures {
 public:
  struct Point {
    std::int64_t ts_ns;
    std::optional<double> sharpe, volatility;
  };

  RollingFigures(std::size_t window, std::uint64_t stride, double bars_per_year, double risk_free)
      : window_(window), stride_(stride), bars_per_year_(bars_per_year), risk_free_(risk_free) {}

  void add(const EquityMark& mark, double ret);

  // After the last mark: only then the run's volatility is known.
  void drop_still_windows();

  std::size_t window() const { return window_; }
  const std::vector<Point>& points() const { return points_; }

 private:
  Point figures(std::int64_t ts_ns) const;

  std::size_t window_;
  std::uint64_t stride_;
  double bars_per_year_;
  double risk_free_;
  std::vector<double> returns_;  // a ring of `window_`
  std::uint64_t seen_ = 0;
  double run_mean_ = 0;     // of all returns (Welford 1962)
  double run_squares_ = 0;  // their squared deviations from it
  std::vector<Point> points_;
};

// Mean return per bar in each of kSlots slots of the calendar.
template <std::size_t kSlots>
struct MeanReturns {
  std::array<double, kSlots> sum{};
  std::array<std::uint64_t, kSlots> count{};

  void add(std::size_t slot, double ret) {
    sum[slot] += ret;
    ++count[slot];
  }
};

struct EquityView {
  ChartBuckets<EquityBucket> buckets;
  RollingFigures rolling;
  MeanReturns<24> by_hour;    // UTC
  MeanReturns<7> by_weekday;  // Monday first
};

// `marks` is how many there are; the window is a day of bars, at most a tenth of the run.
EquityView view_equity(EquitySeries& equity, double bars_per_year, double risk_free);

}  // namespace hftsim
