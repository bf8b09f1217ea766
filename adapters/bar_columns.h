// Which column of a file is which part of a bar: by name, whatever the exchange or program that wrote it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hftsim {

// The parts of a bar, in the order in which they are read. Time is when the bar OPENED. Trades and close_time
// may be absent.
enum class BarColumn : std::size_t { time, open, high, low, close, volume, trades, close_time };
inline constexpr std::size_t kBarColumnCount = 8;
inline constexpr std::size_t kBarColumnsRequired = 6;

std::string_view name_of(BarColumn column);

// Per part: the index of the file's column; empty where the file has none.
using BarColumnMap = std::array<std::optional<std::size_t>, kBarColumnCount>;

// Names are compared without case, spaces, '_', '-', '.', '<', '>'. Known: time (open_time, timestamp,
// datetime, date, ts, time, epoch, unix...), open, high, low, close, volume (vol...), trades (count,
// num_trades, n_trades...), close_time. Where several columns could be one part, the more precise name wins.
// Throws BadInput naming `place`, the part wanted, the nearest columns and all columns present; or the column whose
// name comes twice.
BarColumnMap map_bar_columns(std::span<const std::string> names, const std::string& place);

// How many parts of a bar some of `names` stands for.
std::size_t count_bar_columns(std::span<const std::string> names);

// The layouts of files without a header: 12 columns are Binance's bulk klines, 6 are time, open, high, low,
// close, volume. Throws BadInput for any other count.
BarColumnMap headerless_bar_columns(std::size_t column_count, const std::string& place);

}  // namespace hftsim
