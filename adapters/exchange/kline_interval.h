// The candles Binance offers, by name and by where they begin.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/units.h"

namespace hftsim::exchange {

// "1m" ... "1d" begin at multiples of their length since 1970, "3d" too; "1w" begins on Monday, "1M" on the first of
// the month, all in UTC.
class KlineInterval {
 public:
  constexpr KlineInterval(std::string_view name, Duration length) : name_(name), length_(length) {}

  std::string_view name() const { return name_; }
  // When the candle that this instant falls into opens.
  std::int64_t open_of(std::int64_t ns) const;
  // When the candle that opens then ends; excluded.
  std::int64_t end_of(std::int64_t open_ns) const;
  // Bars of that length fit into such candles without remainder.
  bool is_made_of(Duration bar) const;

 private:
  std::string_view name_;
  Duration length_;  // 0: a calendar month
};

// From the shortest to the longest.
std::span<const KlineInterval> kline_intervals();

// By name; null where there is none such.
const KlineInterval* find_kline_interval(std::string_view name);

}  // namespace hftsim::exchange
