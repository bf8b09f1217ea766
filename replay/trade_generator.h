// Seeded market data down to single trades: the bars of BarGenerator, byte for byte, and before each of them the quotes
// and trades inside it (symbol_trades.h), which add up to it exactly. The same bytes for the same options on every
// machine.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/runtime/event_source.h"
#include "replay/bar_generator_options.h"

namespace hftsim {

// What comes beside the bars: quotes and trades, or the book's messages too (symbol_book.h).
enum class TradeLevel : std::uint8_t { trades, book };

struct TradeGeneratorOptions {
  BarGeneratorOptions bars;
  TradeLevel level = TradeLevel::trades;
  std::uint64_t bars_alone =
      0;  // of each symbol, from the first on, that come without what happened inside them

  // All that the bytes follow from, and the version of the models, one value a line.
  std::string describe() const;
};

// All symbols' events in EventKey order: book changes, quotes, trades, at its close the bar. The events of the level
// trades are those of the level book without the book changes. Other symbols and their order
// move none of a symbol's events; a longer run begins with the shorter one.
class TradeGenerator final : public EventSource {
 public:
  // Throws BadInput naming the option that makes no sense.
  explicit TradeGenerator(TradeGeneratorOptions options);

  std::span<const Instrument> instruments() const override { return source_->instruments(); }
  // Allocates nothing after the first call. The bytes do not depend on out.size().
  std::size_t read(std::span<Event> out) override { return source_->read(out); }

  // What the bytes follow from, for hashing.
  std::string describe() const { return options_.describe(); }

 private:
  TradeGeneratorOptions options_;
  std::unique_ptr<EventSource> source_;
};

}  // namespace hftsim
