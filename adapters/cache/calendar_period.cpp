#include "adapters/cache/calendar_period.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "adapters/cache/cache_key.h"

namespace hftsim {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::years;

std::int64_t midnight_ns(year_month_day date) {
  return sys_days(date).time_since_epoch().count() * kDay.value;
}

year_month_day date_of(std::int64_t ns) {
  const std::int64_t day = ns / kDay.value - (ns % kDay.value < 0 ? 1 : 0);
  return sys_days(days(day));
}

year_month_day begin_at(CalendarPeriod period, std::int64_t ns) {
  const year_month_day date = date_of(ns);
  const auto first_month = period == CalendarPeriod::year ? std::chrono::January : date.month();
  return period == CalendarPeriod::day ? date : date.year() / first_month / 1;
}

year_month_day end_of(CalendarPeriod period, year_month_day begin) {
  if (period == CalendarPeriod::day) return sys_days(begin) + days(1);
  return period == CalendarPeriod::month ? begin + months(1) : begin + years(1);
}

std::int64_t number_in(std::string_view digits) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : -1;
}

}  // namespace

CalendarPeriod period_of(Duration interval) {
  constexpr Duration kHour = 60 * kMinute;
  if (interval < kMinute) return CalendarPeriod::day;  // trades too
  if (interval < kHour) return CalendarPeriod::month;
  return interval < kDay ? CalendarPeriod::year : CalendarPeriod::all;
}

TimeRange range_at(CalendarPeriod period, std::int64_t ns) {
  if (period == CalendarPeriod::all) return kAllTimes;
  const year_month_day begin = begin_at(period, ns);
  return {midnight_ns(begin), midnight_ns(end_of(period, begin))};
}

std::string name_at(CalendarPeriod period, std::int64_t ns) {
  if (period == CalendarPeriod::all) return "all";
  const year_month_day begin = begin_at(period, ns);
  std::string name = fmt::format("{:04}", static_cast<int>(begin.year()));
  if (period != CalendarPeriod::year) name += fmt::format("-{:02}", static_cast<unsigned>(begin.month()));
  if (period == CalendarPeriod::day) name += fmt::format("-{:02}", static_cast<unsigned>(begin.day()));
  return name;
}

// The time that the name's numbers stand for has to have that name: 2024-13 and 2024-02-30 have not.
std::optional<TimeRange> range_of_name(CalendarPeriod period, std::string_view name) {
  if (period == CalendarPeriod::all) return name == "all" ? std::optional(kAllTimes) : std::nullopt;
  if (name.size() < 4) return std::nullopt;
  const std::int64_t year = number_in(name.substr(0, 4));
  const std::int64_t month = name.size() >= 7 ? number_in(name.substr(5, 2)) : 1;
  const std::int64_t day = name.size() >= 10 ? number_in(name.substr(8, 2)) : 1;
  if (year < 1843 || year > 2115 || month < 1 || day < 1) return std::nullopt;
  const std::int64_t ns = midnight_ns(std::chrono::year(static_cast<int>(year)) / static_cast<int>(month) /
                                      static_cast<int>(day));
  return name_at(period, ns) == name ? std::optional(range_at(period, ns)) : std::nullopt;
}

}  // namespace hftsim
