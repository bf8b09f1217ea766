#include "adapters/exchange/kline_interval.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace hftsim::exchange {
namespace {

constexpr Duration kHour{60 * kMinute.value};
constexpr Duration kMonth{0};

constexpr std::array kIntervals = {
    KlineInterval("1s", kSecond),     KlineInterval("1m", kMinute),       KlineInterval("3m", 3 * kMinute),
    KlineInterval("5m", 5 * kMinute), KlineInterval("15m", 15 * kMinute), KlineInterval("30m", 30 * kMinute),
    KlineInterval("1h", kHour),       KlineInterval("2h", 2 * kHour),     KlineInterval("4h", 4 * kHour),
    KlineInterval("6h", 6 * kHour),   KlineInterval("8h", 8 * kHour),     KlineInterval("12h", 12 * kHour),
    KlineInterval("1d", kDay),        KlineInterval("3d", 3 * kDay),      KlineInterval("1w", 7 * kDay),
    KlineInterval("1M", kMonth)};

// 1970-01-01 was a Thursday: weeks are counted from the Monday before.
constexpr std::int64_t offset_ns(Duration length) {
  return length == 7 * kDay ? -3 * kDay.value : 0;
}

std::int64_t floor_to(std::int64_t ns, std::int64_t step) {
  const std::int64_t rest = ns % step;
  return ns - (rest < 0 ? rest + step : rest);
}

std::chrono::year_month month_of(std::int64_t ns) {
  const std::chrono::sys_days day{std::chrono::days(floor_to(ns, kDay.value) / kDay.value)};
  const std::chrono::year_month_day date(day);
  return date.year() / date.month();
}

std::int64_t start_of(std::chrono::year_month month) {
  return std::chrono::sys_days(month / 1).time_since_epoch().count() * kDay.value;
}

}  // namespace

std::int64_t KlineInterval::open_of(std::int64_t ns) const {
  if (length_ == kMonth) return start_of(month_of(ns));
  const std::int64_t offset = offset_ns(length_);
  return floor_to(ns - offset, length_.value) + offset;
}

std::int64_t KlineInterval::end_of(std::int64_t open_ns) const {
  if (length_ == kMonth) return start_of(month_of(open_ns) + std::chrono::months(1));
  return open_ns + length_.value;
}

bool KlineInterval::is_made_of(Duration bar) const {
  const Duration length = length_ == kMonth ? kDay : length_;
  return bar.value > 0 && length.value % bar.value == 0;
}

std::span<const KlineInterval> kline_intervals() {
  return kIntervals;
}

const KlineInterval* find_kline_interval(std::string_view name) {
  const auto found = std::ranges::find(kIntervals, name, &KlineInterval::name);
  return found == kIntervals.end() ? nullptr : &*found;
}

}  // namespace hftsim::exchange
