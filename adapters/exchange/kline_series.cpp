#include "adapters/exchange/kline_series.h"

#include <algorithm>

namespace hftsim::exchange {
namespace {

// A longer silence is a hole in the data, not a market without trades.
constexpr std::int64_t kFlatMax_ns = kDay.value;

}  // namespace

KlineSeries::KlineSeries(const Instrument& instrument)
    : price_step_(instrument.price_step),
      quantity_step_(instrument.quantity_step),
      takes_bars_(instrument.bar_interval >= kSecond),
      base_(takes_bars_ ? instrument.bar_interval : kMinute) {}

std::int64_t KlineSeries::base_open_of(std::int64_t ns) const {
  const std::int64_t rest = ns % base_.value;
  return ns - (rest < 0 ? rest + base_.value : rest);
}

void KlineSeries::tell(const Closed& closed) {
  const Kline& last = klines_.back();
  if (last.end_ns <= told_until_ns_) return;
  told_until_ns_ = last.end_ns;
  closed(last);
}

void KlineSeries::append(const Kline& kline, const Closed& closed) {
  klines_.push_back(kline);
  tell(closed);
}

void KlineSeries::close_open(const Closed& closed) {
  const Kline kline = *open_;
  open_.reset();
  if (!has_bars_) return append(kline, closed);
  klines_.push_back(kline);  // its bar, which comes at the same instant, tells
}

void KlineSeries::fill_flat(std::int64_t until_ns, const Closed& closed) {
  if (has_bars_ || klines_.empty() || until_ns - klines_.back().end_ns > kFlatMax_ns) return;
  while (klines_.back().end_ns + base_.value <= until_ns) {
    const Kline last = klines_.back();
    append(flat_kline(last.end_ns, last.end_ns + base_.value, last.bar.close), closed);
  }
}

void KlineSeries::advance_to(std::int64_t ns, const Closed& closed) {
  if (open_ && open_->end_ns <= ns) close_open(closed);
  if (!open_) fill_flat(ns, closed);
}

void KlineSeries::on_trade(const Event& trade, const Closed& closed) {
  if (trade.has(kOffBook)) return;
  advance_to(trade.ts_ns, closed);
  if (!open_) {
    const std::int64_t open_ns = base_open_of(trade.ts_ns);
    if (!klines_.empty() && open_ns < klines_.back().end_ns) return;  // late: its candle has closed
    open_ = flat_kline(open_ns, open_ns + base_.value, 0);
  }
  add_trade(*open_, trade, price_step_.value(trade.trade.price_ticks),
            quantity_step_.value(trade.trade.quantity_lots));
}

void KlineSeries::on_bar(const Event& bar, const Closed& closed) {
  if (!takes_bars_) return;
  has_bars_ = true;
  const Kline kline = kline_of_bar(bar, bar.ts_ns - base_.value);
  if (open_ && open_->end_ns <= bar.ts_ns) close_open(closed);
  if (klines_.empty() || klines_.back().open_ns < kline.open_ns) return append(kline, closed);
  Kline& last = klines_.back();
  if (last.open_ns != kline.open_ns) return;
  // Made of trades before: they know more than the bar, which has the last word on prices and volume.
  last.bar = kline.bar;
  last.trades = kline.trades;
  tell(closed);
}

std::optional<Kline> KlineSeries::open_kline(std::int64_t now_ns) const {
  if (open_) return open_;
  if (klines_.empty()) return std::nullopt;
  const Kline& last = klines_.back();
  const std::int64_t open_ns = base_open_of(now_ns);
  if (open_ns < last.end_ns || open_ns - last.end_ns > kFlatMax_ns) return std::nullopt;
  return flat_kline(open_ns, open_ns + base_.value, last.bar.close);
}

std::size_t KlineSeries::first_not_before(std::int64_t open_ns) const {
  const auto found = std::ranges::lower_bound(klines_, open_ns, {}, &Kline::open_ns);
  return static_cast<std::size_t>(found - klines_.begin());
}

// The index at which the last `groups` candles of the longer interval before `end` begin.
std::size_t KlineSeries::start_of_last(const KlineInterval& interval, std::size_t end,
                                       std::size_t groups) const {
  std::size_t start = end;
  for (std::size_t found = 0; found < groups && start > 0; ++found) {
    start = first_not_before(interval.open_of(klines_[start - 1].open_ns));
  }
  return start;
}

std::vector<Kline> KlineSeries::find(const KlineInterval& interval, const KlineQuery& query,
                                     std::int64_t now_ns) const {
  const std::int64_t past_last =
      query.to_ns < now_ns ? interval.end_of(interval.open_of(query.to_ns)) : INT64_MAX;
  const std::size_t end = first_not_before(past_last);
  std::size_t i =
      query.from_ns ? first_not_before(*query.from_ns) : start_of_last(interval, end, query.limit);
  std::vector<Kline> found;
  const auto add = [&](const Kline& kline) {
    const std::int64_t open_ns = interval.open_of(kline.open_ns);
    if (query.from_ns && open_ns < *query.from_ns) return true;
    if (!found.empty() && found.back().open_ns == open_ns) {
      add_kline(found.back(), kline);
      return true;
    }
    if (query.from_ns && found.size() == query.limit) return false;
    found.push_back(kline);
    found.back().open_ns = open_ns;
    found.back().end_ns = interval.end_of(open_ns);
    return true;
  };
  for (; i < end; ++i) {
    if (!add(klines_[i])) return found;
  }
  const std::optional<Kline> open = open_kline(now_ns);
  if (open && open->open_ns < past_last) add(*open);
  if (found.size() > query.limit) found.erase(found.begin());  // the open one was one more
  return found;
}

std::optional<Kline> KlineSeries::at(const KlineInterval& interval, std::int64_t ns,
                                     std::int64_t now_ns) const {
  const std::int64_t open_ns = interval.open_of(ns);
  const std::vector<Kline> found = find(interval, {.from_ns = open_ns, .to_ns = open_ns, .limit = 1}, now_ns);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

}  // namespace hftsim::exchange
