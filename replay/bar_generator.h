// Seeded market data: bars that look like a real market's (bar_model.h), one or several correlated symbols,
// the same bytes for the same options on every machine. The default data of a run without a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/bar_generator_options.h"
#include "replay/market_path.h"
#include "replay/symbol_path.h"

namespace hftsim {

// Bars of all symbols instant by instant: an event's time is its bar's close, start + interval for the first.
// Prices lie on a grid of 0.01, volumes of 0.00001. A bar opens within a tick of the last close. Over 100
// million one-minute bars the price stays within a factor of 10 of its start, by a pull too weak to trade on.
//
// A symbol's bars follow from the seed, its own options and the random streams "generate/market" and
// "generate/symbol/NAME": neither other symbols nor their order move them.
class BarGenerator final : public EventSource {
 public:
  static constexpr double kTickSize = 0.01;
  static constexpr double kLotSize = 1e-5;

  // Throws BadInput naming the option that makes no sense.
  explicit BarGenerator(BarGeneratorOptions options);

  std::span<const Instrument> instruments() const override { return instruments_; }

  // Allocates nothing; made in batches of up to 64 instants. The bytes do not depend on out.size().
  std::size_t read(std::span<Event> out) override;

  std::uint64_t size_hint() const override { return options_.bars * symbols_.size(); }

  // What the bytes follow from, for hashing.
  std::string describe() const { return options_.describe(); }

 private:
  void refill();
  void write_bars(InstrumentId instrument, const BarColumns& bars, std::size_t count);

  BarGeneratorOptions options_;
  std::vector<Instrument> instruments_;
  MarketPath market_;
  std::vector<SymbolPath> symbols_;
  std::uint64_t bar_ = 0;     // the first that was not made yet
  std::vector<Event> ready_;  // made, in order
  std::size_t ready_begin_ = 0;
  std::size_t ready_end_ = 0;
};

}  // namespace hftsim
