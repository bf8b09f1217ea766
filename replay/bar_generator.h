// Seeded market data: bars that look like a real market's (bar_model.h), one or several correlated symbols,
// the same bytes for the same options on every machine. The default data of a run without a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/bar_generator_options.h"
#include "replay/bar_model.h"

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

  // Allocates nothing. The bytes do not depend on out.size().
  std::size_t read(std::span<Event> out) override;

  std::uint64_t size_hint() const override { return options_.bars * symbols_.size(); }

  // What the bytes follow from, for hashing.
  std::string describe() const { return options_.describe(); }

 private:
  // What all symbols share at one instant.
  struct Market {
    RandomStream random;
    AutoregressivePath slow_volatility;
    double shock = 0;           // its part of every return, standard normal
    double log_volatility = 0;  // slow part and day profile
    double log_activity = 0;    // day profile
  };
  struct Symbol {
    RandomStream random;
    AutoregressivePath fast_volatility;
    AutoregressivePath activity;
    double price;          // before rounding
    double log_price;      // less the initial price's
    double close_ticks;    // of the last bar
    double trades_median;  // per bar
    double lots_per_trade;
  };
  // The bar as a movement, before it becomes prices.
  struct Move {
    double log_return;
    double volatility;    // sd of its path
    double log_activity;  // of its trading
  };

  static Market make_market(const BarGeneratorOptions& options);
  Symbol make_symbol(const GeneratedSymbol& options) const;
  Event next_bar();
  void advance_market();
  [[gnu::always_inline]] Move draw_move(Symbol& symbol, RandomStream& random) const;

  BarGeneratorOptions options_;
  std::vector<Instrument> instruments_;
  Market market_;
  std::vector<Symbol> symbols_;
  double base_volatility_;             // of a bar where every log is 0
  double jump_probability_;            // per bar
  double jump_sd_;                     // in sds of a bar
  double market_weight_, own_weight_;  // of the two shocks in a return
  double fast_weight_;                 // of what is not leverage in the fast part's shock
  double pull_;                        // towards the initial price, per bar
  std::uint64_t bar_ = 0;
  std::size_t next_symbol_ = 0;
};

}  // namespace hftsim
