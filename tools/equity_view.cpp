#include "tools/equity_view.h"

#include <algorithm>

#include "engine/core/units.h"

namespace hftsim {
namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;
constexpr double kStillShare = 0.05;  // of the run's volatility

// A bar's return belongs to the hour it closed in: a bar that closes at 13:00 to 12.
void add_to_calendar(EquityView& view, std::int64_t ts_ns, double ret) {
  const std::int64_t hours = (ts_ns - 1) / kHourNs;
  const std::int64_t days = hours / 24;
  view.by_hour.add(static_cast<std::size_t>(hours % 24), ret);
  view.by_weekday.add(static_cast<std::size_t>((days + 3) % 7), ret);  // 1970-01-01 was a Thursday
}

// `peak` is the highest equity up to the mark.
EquityBucket bucket_of(const EquityMark& mark, double peak) {
  const double drawdown_pct = peak > 0 ? 100 * (peak - mark.equity) / peak : 0;
  return {mark.ts_ns, mark.equity, mark.equity, mark.equity, mark.benchmark, drawdown_pct};
}

std::size_t rolling_window(std::uint64_t marks, double bars_per_year) {
  const double day = bars_per_year / 365;
  const double bars = std::min(day, static_cast<double>(marks) / 10);
  return static_cast<std::size_t>(std::clamp(bars, 20.0, 20'000.0));
}

}  // namespace

void EquityBucket::merge(const EquityBucket& later) {
  ts_ns = later.ts_ns;
  min = std::min(min, later.min);
  max = std::max(max, later.max);
  last = later.last;
  benchmark = later.benchmark;
  drawdown_pct = std::max(drawdown_pct, later.drawdown_pct);
}

void RollingFigures::add(const EquityMark& mark, double ret) {
  if (returns_.size() < window_) {
    returns_.push_back(ret);
  } else {
    returns_[seen_ % window_] = ret;
  }
  ++seen_;
  const double step = ret - run_mean_;
  run_mean_ += step / static_cast<double>(seen_);
  run_squares_ += step * (ret - run_mean_);
  if (seen_ % stride_ == 0) points_.push_back(figures(mark.ts_ns));
}

RollingFigures::Point RollingFigures::figures(std::int64_t ts_ns) const {
  if (returns_.size() < window_) return {ts_ns, std::nullopt, std::nullopt};
  const auto n = static_cast<double>(window_);
  double mean = 0, squares = 0;
  for (const double r : returns_) mean += r / n;
  for (const double r : returns_) squares += (r - mean) * (r - mean);
  const double deviation = std::sqrt(squares / (n - 1));
  const double volatility = deviation * std::sqrt(bars_per_year_);
  if (deviation == 0) return {ts_ns, std::nullopt, volatility};
  return {ts_ns, std::sqrt(bars_per_year_) * (mean - risk_free_ / bars_per_year_) / deviation, volatility};
}

void RollingFigures::drop_still_windows() {
  if (seen_ < 2) return;
  const double still =
      kStillShare * std::sqrt(run_squares_ / static_cast<double>(seen_ - 1) * bars_per_year_);
  for (Point& point : points_) {
    if (point.volatility && *point.volatility < still) point.sharpe.reset();
  }
}

EquityView view_equity(EquitySeries& equity, double bars_per_year, double risk_free) {
  const std::uint64_t marks = equity.size();
  const std::uint64_t stride = std::max<std::uint64_t>(1, marks / 1000);
  EquityView view{{}, {rolling_window(marks, bars_per_year), stride, bars_per_year, risk_free}, {}, {}};
  double previous = 0, peak = 0;
  equity.rewind();
  for (auto chunk = equity.next(); !chunk.empty(); chunk = equity.next()) {
    for (const EquityMark& mark : chunk) {
      peak = std::max(peak, mark.equity);
      view.buckets.add(bucket_of(mark, peak));
      if (previous > 0) {
        const double ret = mark.equity / previous - 1;
        view.rolling.add(mark, ret);
        add_to_calendar(view, mark.ts_ns, ret);
      }
      previous = mark.equity;
    }
  }
  view.rolling.drop_still_windows();
  return view;
}

}  // namespace hftsim
