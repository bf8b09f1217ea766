#include "adapters/exchange/generated_market.h"

#include <algorithm>

#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "replay/trade_generator.h"

namespace hftsim::exchange {
namespace {

std::vector<GeneratedSymbol> named(const std::vector<std::string>& names) {
  if (names.empty()) throw BadInput("--symbols", "none", "one symbol or more: BTCUSDT,ETHUSDT");
  std::vector<GeneratedSymbol> symbols = generated_symbols(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) symbols[i].name = names[i];
  return symbols;
}

Timestamp beginning(const GeneratedMarketOptions& options) {
  const Timestamp begin = options.start - options.history_days * kDay;
  if (begin.value < 0) throw BadInput("--start", "before 1970 with its history", "a later one");
  return Timestamp(begin.value - begin.value % kMinute.value);
}

}  // namespace

std::unique_ptr<EventSource> generated_market(const GeneratedMarketOptions& options) {
  BarGeneratorOptions bars;
  bars.seed = options.seed;
  bars.symbols = named(options.symbols);
  bars.start = beginning(options);
  bars.bars = bars.bars_max();
  if (options.bars_alone) return std::make_unique<BarGenerator>(bars);
  const std::int64_t history_minutes = options.history_days * (kDay / kMinute);
  const std::int64_t alone = std::max<std::int64_t>(0, history_minutes - options.trade_minutes);
  return std::make_unique<TradeGenerator>(TradeGeneratorOptions{
      .bars = bars, .level = TradeLevel::book, .bars_alone = static_cast<std::uint64_t>(alone)});
}

}  // namespace hftsim::exchange
