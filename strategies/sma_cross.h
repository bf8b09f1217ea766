// SMA cross: long when the fast mean crosses above the slow one, flat (or short) when it crosses below.
#pragma once

#include <cstdint>

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

struct SmaCrossParams {
  std::int64_t fast = 10;      // bars; 1 is the close itself
  std::int64_t slow = 20;      // bars; more than fast
  bool sell_is_short = false;  // parameter `short`
};

// Buys on the bar where fast goes from <= to > slow, sells where it goes from >= to <; the bar before is the
// last one on which both were known, and the first such bar only starts the comparison. So `>, =, >` is a
// buy again. Confidence 1, no target, no stop.
//
// A cross that comes while an order of the instrument is pending is passed over, not made up for.
//
// Whether a sell ends flat or short is the account's business (allow_short); the parameter `short` is what
// the run has to set it to (short_of in registry.h).
// Not modelled: whipsaw; every cross costs a round trip.
class SmaCross final : public SignalStrategy {
 public:
  explicit SmaCross(const SmaCrossParams& params) : params_(params) {}

  std::vector<std::string> features() const override;
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  bool needs_warm_row() const override { return false; }
  Signal decide(const StrategyContext& context) override;

 private:
  enum class Order : std::uint8_t { unknown, below, equal, above };  // fast against slow

  SmaCrossParams params_;
  FeatureSlot fast_ = 0;
  FeatureSlot slow_ = 0;
  std::vector<Order> previous_;  // by instrument
};

StrategyDefinition sma_cross_definition();

}  // namespace hftsim
