// Buy and hold: long on the first bar of every instrument, and nothing after. What others are measured by.
#pragma once

#include <cstdint>

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

// Buys with confidence 1 on an instrument's first bar. Where that comes to nothing (rejected, refused,
// cancelled), it asks again after 1, 2, 4, 8 ... further bars: the entry is not given up in silence, and an
// order that can never be paid for does not fill the journal. It is done with the first fill: a position
// that a stop has closed is not opened again.
// Not modelled: dividends, and the interest of the cash that is left.
class BuyAndHold final : public SignalStrategy {
 public:
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  bool needs_warm_row() const override { return false; }
  Signal decide(const StrategyContext& context) override;
  void on_report(const StrategyContext& context, OrderGateway& gateway,
                 const ExecutionReport& report) override;

 private:
  struct Entry {
    bool filled = false;
    std::uint64_t wait_bars = 0;  // until it asks again
    std::uint64_t next_wait_bars = 1;
  };

  std::vector<Entry> entries_;  // by instrument
};

StrategyDefinition buy_and_hold_definition();

}  // namespace hftsim
