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

// The bars with what happened inside them.
std::unique_ptr<EventSource> detailed(std::unique_ptr<EventSource> bars, const TradeGeneratorOptions& options,
                                      const GeneratedSymbol& symbol) {
  auto trades = std::make_unique<SymbolTrades>(std::move(bars), options.bars.seed);
  if (options.level == TradeLevel::trades) return trades;
  return std::make_unique<SymbolBook>(std::move(trades), depth_of(symbol), options.bars.seed);
}

// The first bars as they are, then the others with what happened inside them.
class BarsAloneFirst final : public EventSource {
 public:
  BarsAloneFirst(std::unique_ptr<EventSource> bars, const TradeGeneratorOptions& options,
                 const GeneratedSymbol& symbol)
      : bars_(std::move(bars)),
        options_(options),
        symbol_(symbol),
        instrument_(bars_->instruments().front()),
        alone_left_(options.bars_alone) {
    instrument_.price_step = SymbolTrades::kPriceStep;
    instrument_.quantity_step = SymbolTrades::kQuantityStep;
  }

  std::span<const Instrument> instruments() const override { return {&instrument_, 1}; }

  std::size_t read(std::span<Event> out) override {
    if (alone_left_ == 0 && bars_ != nullptr) detailed_ = detailed(std::move(bars_), options_, symbol_);
    if (detailed_ != nullptr) return detailed_->read(out);
    const std::size_t count = bars_->read(out.first(std::min<std::uint64_t>(alone_left_, out.size())));
    alone_left_ = count == 0 ? 0 : alone_left_ - count;
    return count;
  }

 private:
  std::unique_ptr<EventSource> bars_, detailed_;
  TradeGeneratorOptions options_;
  GeneratedSymbol symbol_;
  Instrument instrument_;
  std::uint64_t alone_left_;
};

// Other symbols do not move a symbol's bars, so each is generated alone.
std::unique_ptr<EventSource> symbol_source(const TradeGeneratorOptions& options,
                                           const GeneratedSymbol& symbol) {
  BarGeneratorOptions bars = options.bars;
  bars.symbols = {symbol};
  auto generator = std::make_unique<BarGenerator>(bars);
  if (options.bars_alone == 0) return detailed(std::move(generator), options, symbol);
  return std::make_unique<BarsAloneFirst>(std::move(generator), options, symbol);
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
                     level == TradeLevel::book ? "book" : "trades", bars.describe()) +
         (bars_alone > 0 ? fmt::format("bars_alone = {}\n", bars_alone) : "");
}

TradeGenerator::TradeGenerator(TradeGeneratorOptions options)
    : options_(std::move(options)), source_(source_of(options_)) {}

}  // namespace hftsim
