// Times and intervals as files and configs write them: epochs whose unit is told by magnitude, dates as numbers,
// ISO 8601 text, "1m", "4h", "1d".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/units.h"

namespace hftsim {

inline constexpr std::int64_t kNoTime = INT64_MIN;  // a cell that is no time
// What is taken as the time of a bar: 1843 to 2115, so that differences and sums stay within 64 bits.
inline constexpr std::int64_t kTimeMin = -4'000'000'000'000'000'000;
inline constexpr std::int64_t kTimeMax = 4'600'000'000'000'000'000;
inline constexpr Duration kIntervalMax = 400 * kDay;

// Nanoseconds per unit of an epoch, by how many digits it has: seconds below 1e11 (the year 5138),
// milliseconds below 1e14, microseconds below 1e17, else nanoseconds. Times before 1973-03-03 in a finer unit
// than seconds are mistaken; no exchange was online then.
inline std::int64_t epoch_unit_ns(std::int64_t epoch) {
  const std::uint64_t size =
      epoch < 0 ? 0 - static_cast<std::uint64_t>(epoch) : static_cast<std::uint64_t>(epoch);
  if (size < 100'000'000'000u) return 1'000'000'000;
  if (size < 100'000'000'000'000u) return 1'000'000;
  if (size < 100'000'000'000'000'000u) return 1'000;
  return 1;
}

// The epoch in nanoseconds; kNoTime where that is beyond what 64 bits hold (the year 2262).
std::int64_t epoch_to_ns(std::int64_t epoch);

// The same for an epoch with a fraction, 1704067200.5: its unit is that of its whole part. kNoTime where that is no
// whole number of nanoseconds.
std::int64_t real_epoch_to_ns(double epoch);

// The same for text: an epoch, with or without a fraction, or ISO 8601 "2023-03-24", "2023-03-24T12:00",
// "2023-03-24 12:00:00.123Z", "...+02:00" up to 14 hours. kNoTime where it is neither.
std::int64_t parse_time(std::string_view text);

// The same where it has to be one. Throws BadInput(place, ...) where it is neither.
std::int64_t checked_time(const std::string& text, const std::string& place);

// What a column of whole numbers below 1e8 says besides seconds of 1970 to 1973.
enum class NumberedDays : std::uint8_t { none, calendar, serial };

// Of the numbers before their fractions. calendar: each is a date as YYYYMMDD. serial: each counts days as spreadsheets do (45292 is 2024-01-01, or another
// day: there are two such calendars). One value tells nothing about a column: give those of its first rows.
NumberedDays numbered_days(std::span<const std::int64_t> numbers);

// 20240101 as the nanoseconds of its midnight, UTC; kNoTime where it is no date.
std::int64_t calendar_date_to_ns(std::int64_t number);

// "1704067200", "-3.25": what stands before the point, and whether anything but zeros stands behind it. None where
// the text is no number.
struct DecimalNumber {
  std::int64_t whole = 0;
  bool has_fraction = false;
};
std::optional<DecimalNumber> parse_decimal(std::string_view text);

// "1s", "5m", "4h", "1d", "1w"; "60" is seconds. Empty where it is none of them.
std::optional<Duration> parse_interval(std::string_view text);

// The same where it has to be one. Throws BadInput(place, ...) where it is none of them.
Duration checked_interval(std::string_view text, const std::string& place);

// The shortest such text: "90s", "1h", "1d".
std::string format_interval(Duration interval);

}  // namespace hftsim
