// The tables of a run directory, made from its journal and its equity curve.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "engine/core/instrument.h"
#include "engine/portfolio/equity_series.h"
#include "tools/trade_reader.h"

namespace hftsim {

// trades.parquet: one row per fill; returns how many. Throws IoFailure.
std::uint64_t write_trades(const std::filesystem::path& path, TradeReader& trades,
                           std::span<const Instrument> instruments);

// equity.parquet: one row per mark; reads the series from its start. Throws IoFailure.
std::uint64_t write_equity(const std::filesystem::path& path, EquitySeries& equity);

// "signal", "stop_loss", "take_profit", "bracket_stop", "bracket_target"; "bracket" where it is not clear which.
std::string_view trade_reason(const Trade& trade);

}  // namespace hftsim
