#include "replay/trade_generator.h"

#include <fmt/format.h>

#include <algorithm>

#include "replay/bar_generator.h"
#include "replay/merged_source.h"
#include "replay/symbol_book.h"
#include "replay/symbol_trades.h"

namespace hftsim {
namespace {

// Counts up whenever the same options give other bytes.
constexpr int kTradeModelVersion = 1;

// Distance and size of the levels of spot's book in the capture of trade_model.h: 21 ticks of 61,700; a median of a
// tenth of the mean trade.
DepthShape depth_of(const GeneratedSymbol& symbol) {
  constexpr double kGap = 3.4e-6, kLots = 0.1;
  constexpr double kTicksPerUnit = 100, kLotsPerUnit = 100'000;
  const double gap_ticks = kGap * symbol.initial_price * kTicksPerUnit;
  return {.gap_ticks = std::max<std::int64_t>(static_cast<std::int64_t>(gap_ticks + 0.5), 1),
          .lots = kLots * symbol.volume_per_minute / symbol.trades_per_minute * kLotsPerUnit};
}

// Other symbols do not move a symbol's bars, so each is generated alone.
std::unique_ptr<EventSource> symbol_source(const TradeGeneratorOptions& options,
                                           const GeneratedSymbol& symbol) {
  BarGeneratorOptions bars = options.bars;
  bars.symbols = {symbol};
  auto trades = std::make_unique<SymbolTrades>(std::make_unique<BarGenerator>(bars), bars.seed);
  if (options.level == TradeLevel::trades) return trades;
  return std::make_unique<SymbolBook>(std::move(trades), depth_of(symbol), bars.seed);
}

std::unique_ptr<EventSource> source_of(const TradeGeneratorOptions& options) {
  options.bars.check();
  std::vector<std::unique_ptr<EventSource>> sources;
  for (const GeneratedSymbol& symbol : options.bars.symbols) {
    sources.push_back(symbol_source(options, symbol));
  }
  if (sources.size() == 1) return std::move(sources.front());
  return std::make_unique<MergedSource>(std::move(sources));
}

}  // namespace

std::string TradeGeneratorOptions::describe() const {
  return fmt::format("hftsim trade generator {}\nlevel = {}\n{}", kTradeModelVersion,
                     level == TradeLevel::book ? "book" : "trades", bars.describe());
}

TradeGenerator::TradeGenerator(TradeGeneratorOptions options)
    : options_(std::move(options)), source_(source_of(options_)) {}

}  // namespace hftsim
