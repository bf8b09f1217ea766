#include "adapters/bar_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr int kZoneMinutesMax = 14 * 60;  // Kiritimati

struct IntervalUnit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array<IntervalUnit, 5> kIntervalUnits{
    {{'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

// Reads text from the left, piece by piece.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A number of exactly `digits` digits.
  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + digits, value);
    if (error != std::errc{} || end != rest_.data() + digits || value < 0) return false;
    rest_.remove_prefix(digits);
    return true;
  }
  // Decimals of a second as nanoseconds; digits beyond the ninth are dropped.
  bool fraction_ns(std::int64_t& value) {
    std::size_t digits = 0;
    value = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits < 9) value = value * 10 + (rest_[digits] - '0');
    }
    for (std::size_t i = digits; i < 9; ++i) value *= 10;
    rest_.remove_prefix(digits);
    return digits > 0;
  }

 private:
  std::string_view rest_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool is_date(int year, int month, int month_day, std::chrono::sys_days& day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(month_day))};
  if (!date.ok() || year < 1700 || year > 2261) return false;
  day = date;
  return true;
}

bool take_date(Cursor& cursor, std::chrono::sys_days& day) {
  int year = 0, month = 0, month_day = 0;
  return cursor.number(4, year) && cursor.take("-/") && cursor.number(2, month) && cursor.take("-/") &&
         cursor.number(2, month_day) && is_date(year, month, month_day, day);
}

// "12:00", "12:00:30", "12:00:30.5", with an optional zone behind.
bool take_clock(Cursor& cursor, std::int64_t& ns) {
  int hour = 0, minute = 0, second = 0;
  std::int64_t fraction_ns = 0;
  if (!cursor.number(2, hour) || !cursor.take(":") || !cursor.number(2, minute)) return false;
  if (cursor.take(":") && !cursor.number(2, second)) return false;
  if (cursor.take(".,") && !cursor.fraction_ns(fraction_ns)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  ns = ((hour * 60 + minute) * 60 + second) * kSecond.value + fraction_ns;
  return true;
}

bool take_zone(Cursor& cursor, std::int64_t& offset_ns) {
  if (cursor.take("zZ")) return true;
  const bool east = cursor.take("+");
  if (!east && !cursor.take("-")) return true;
  int hours = 0, minutes = 0;
  if (!cursor.number(2, hours)) return false;
  cursor.take(":");
  if (!cursor.done() && !cursor.number(2, minutes)) return false;
  if (minutes > 59 || hours * 60 + minutes > kZoneMinutesMax) return false;
  offset_ns = (east ? 1 : -1) * (hours * 60 + minutes) * kMinute.value;
  return true;
}

std::int64_t parse_iso(std::string_view text) {
  Cursor cursor(text);
  std::chrono::sys_days day;
  std::int64_t clock_ns = 0, offset_ns = 0;
  if (!take_date(cursor, day)) return kNoTime;
  if (cursor.take("T ") &&
      !(take_clock(cursor, clock_ns) && (cursor.take(" "), take_zone(cursor, offset_ns)))) {
    return kNoTime;
  }
  if (!cursor.done()) return kNoTime;
  return day.time_since_epoch().count() * kDay.value + clock_ns - offset_ns;
}

// Whole part and fraction of "1704067200.5": `digits` behind the point, "" where there is none.
bool split_decimal(std::string_view text, std::int64_t& whole, std::string_view& digits) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, whole);
  if (error != std::errc{}) return false;
  digits = {};
  if (end == last) return true;
  digits = std::string_view(end + 1, static_cast<std::size_t>(last - end - 1));
  return *end == '.' &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// ".5" of a unit in nanoseconds; kNoTime where that is no whole number of them.
std::int64_t fraction_to_ns(std::string_view digits, std::int64_t unit_ns) {
  std::int64_t ns = 0;
  for (const char digit : digits) {
    unit_ns = unit_ns % 10 == 0 ? unit_ns / 10 : 0;
    if (unit_ns == 0 && digit != '0') return kNoTime;
    ns += (digit - '0') * unit_ns;
  }
  return ns;
}

std::int64_t with_fraction(std::int64_t whole_ns, std::int64_t fraction_ns, bool negative) {
  if (whole_ns == kNoTime || fraction_ns == kNoTime) return kNoTime;
  std::int64_t ns = 0;
  return __builtin_add_overflow(whole_ns, negative ? -fraction_ns : fraction_ns, &ns) ? kNoTime : ns;
}

bool is_spreadsheet_day(std::int64_t number) {
  return number >= 30'000 && number <= 60'000;  // 1982 to 2064
}

}  // namespace

std::int64_t real_epoch_to_ns(double epoch) {
  if (!(std::abs(epoch) < 9.2e18)) return kNoTime;  // NaN too
  const double whole = std::trunc(epoch);
  const auto count = static_cast<std::int64_t>(whole);
  // Exact: a fraction that stands behind so many digits has few bits left.
  const double fraction_ns = std::abs(epoch - whole) * static_cast<double>(epoch_unit_ns(count));
  if (fraction_ns != std::trunc(fraction_ns)) return kNoTime;
  return with_fraction(epoch_to_ns(count), static_cast<std::int64_t>(fraction_ns), epoch < 0);
}

std::int64_t calendar_date_to_ns(std::int64_t number) {
  std::chrono::sys_days day;
  if (number < 10'000'000 || number > 99'999'999) return kNoTime;
  const int digits = static_cast<int>(number);
  if (!is_date(digits / 10'000, digits / 100 % 100, digits % 100, day)) return kNoTime;
  return day.time_since_epoch().count() * kDay.value;
}

NumberedDays numbered_days(std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return NumberedDays::none;
  const auto is_calendar_date = [](std::int64_t number) {
    return calendar_date_to_ns(number) != kNoTime;
  };
  if (std::all_of(numbers.begin(), numbers.end(), is_calendar_date)) return NumberedDays::calendar;
  if (std::all_of(numbers.begin(), numbers.end(), is_spreadsheet_day)) return NumberedDays::serial;
  return NumberedDays::none;
}

std::optional<DecimalNumber> parse_decimal(std::string_view text) {
  DecimalNumber number;
  std::string_view digits;
  if (!split_decimal(trimmed(text), number.whole, digits)) return std::nullopt;
  number.has_fraction = digits.find_first_not_of('0') != std::string_view::npos;
  return number;
}

std::int64_t epoch_to_ns(std::int64_t epoch) {
  std::int64_t ns = 0;
  return __builtin_mul_overflow(epoch, epoch_unit_ns(epoch), &ns) ? kNoTime : ns;
}

std::int64_t parse_time(std::string_view text) {
  text = trimmed(text);
  std::int64_t epoch = 0;
  std::string_view digits;
  if (!split_decimal(text, epoch, digits)) return parse_iso(text);
  const std::int64_t fraction_ns = fraction_to_ns(digits, epoch_unit_ns(epoch));
  return with_fraction(epoch_to_ns(epoch), fraction_ns, text.starts_with('-'));
}

std::int64_t checked_time(const std::string& text, const std::string& place) {
  const std::int64_t ns = parse_time(text);
  if (ns == kNoTime) {
    throw BadInput(place, "'" + text + "'", "a time: 2024-08-08T12:00, or an epoch in s, ms, us or ns");
  }
  return ns;
}

std::optional<Duration> parse_interval(std::string_view text) {
  text = trimmed(text);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count <= 0 || count > kIntervalMax.value / kSecond.value) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty()) return count * kSecond;
  for (const IntervalUnit& known : kIntervalUnits) {
    if (unit.size() == 1 && unit[0] == known.letter &&
        count <= kIntervalMax.value / (known.seconds * kSecond.value)) {
      return count * (known.seconds * kSecond);
    }
  }
  return std::nullopt;
}

Duration checked_interval(std::string_view text, const std::string& place) {
  const std::optional<Duration> interval = parse_interval(text);
  if (!interval) {
    throw BadInput(place, "'" + std::string(text) + "'", "a count and s, m, h, d or w: 1m, 4h, 1d");
  }
  return *interval;
}

std::string format_interval(Duration interval) {
  for (const IntervalUnit& unit : kIntervalUnits) {
    const std::int64_t unit_ns = unit.seconds * kSecond.value;
    if (interval.value >= unit_ns && interval.value % unit_ns == 0) {
      return std::to_string(interval.value / unit_ns) + unit.letter;
    }
  }
  return std::to_string(interval.value) + "ns";
}

}  // namespace hftsim
