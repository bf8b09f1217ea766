// Which file of the cache a time lies in: a calendar period (UTC) that holds some ten thousand rows at most hundreds,
// so that saving a piece rewrites little.
//
//   trades, bars below 1 m   a day    2024-01-31.parquet
//   bars below 1 h           a month  2024-01.parquet
//   bars below 1 d           a year   2024.parquet
//   longer bars              one file all.parquet
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/cache/time_ranges.h"
#include "engine/core/units.h"

namespace hftsim {

inline constexpr TimeRange kAllTimes{-4'000'000'000'000'000'000, 4'600'000'000'000'000'000};

enum class CalendarPeriod : std::uint8_t { day, month, year, all };

CalendarPeriod period_of(Duration interval);  // kTrades: a day

// The period that holds the time, and what its file is called without ".parquet".
TimeRange range_at(CalendarPeriod period, std::int64_t ns);
std::string name_at(CalendarPeriod period, std::int64_t ns);

// Of a file's name; empty where it is none of a period.
std::optional<TimeRange> range_of_name(CalendarPeriod period, std::string_view name);

}  // namespace hftsim
