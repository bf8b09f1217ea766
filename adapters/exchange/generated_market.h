// A market that nobody recorded: generated symbols with days of candles behind them before the server opens.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/units.h"
#include "engine/runtime/event_source.h"

namespace hftsim::exchange {

struct GeneratedMarketOptions {
  std::uint64_t seed = 1;
  std::vector<std::string> symbols = {"BTCUSDT"};
  std::int64_t history_days = 31;
  std::int64_t trade_minutes = 60;  // of the history, the last ones, that have trades and a book too
  bool bars_alone = false;          // no trades, no book
  Timestamp start{};                // when the server opens
};

inline constexpr std::int64_t kHistoryDaysMax = 3'660;

// Bars of one minute from history_days before the start (its minute's beginning) on, without end: those of BarGenerator
// with that beginning, the seed and the symbols, each a third of the price of the one before. From trade_minutes before
// the start on with the trades, quotes and books of TradeGenerator. Throws BadInput for a symbol named twice or a start
// that leaves no room.
std::unique_ptr<EventSource> generated_market(const GeneratedMarketOptions& options);

}  // namespace hftsim::exchange
