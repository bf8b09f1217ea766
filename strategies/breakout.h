// Breakout: follows a close beyond the high or low of the twenty bars before it, where volume confirms.
#pragma once

#include <optional>

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

struct BreakoutParams {
  double threshold = 0.001;       // how far beyond the high or low, relative to it
  double volume_threshold = 1.3;  // volume over its 10-bar mean that confirms, this value included
  double atr_multiple = 2;        // distance of the target
};

// With b the relative distance beyond the level, vr the volume ratio and m the 10-bar move over the close:
//
//                            confidence                                     target             stop
//   with the trend           min(b / 0.01, 0.4) + min((vr - 1) / 2, 0.3)    atr_multiple ATR   0.5 % behind
//                            + min(|m| / 0.002, 0.3) where m points along,                     the level
//                            at most 0.95
//   against or without one   0.45                                           1.5 ATR            the other
//   level
//
// The trend is up where sma_10 > sma_20, down where it is less. A model that agrees (p on the same side of
// 0.5) adds |p - 0.5| * 0.3, to at most 0.98; one that strongly disagrees (p < 0.4 for a buy, > 0.6 for a
// sell) multiplies by 0.6.
// Not modelled: false breaks; the stop behind the level is the only protection.
class Breakout final : public SignalStrategy {
 public:
  explicit Breakout(const BreakoutParams& params) : params_(params) {}

  std::vector<std::string> features() const override;
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  Signal decide(const StrategyContext& context) override;

 private:
  // The features of one bar.
  struct Inputs {
    double close, high, low, volume_ratio, fast_mean, slow_mean, momentum, atr;
  };

  Inputs read(const StrategyContext& context) const;
  int direction_of(const Inputs& in) const;
  Signal with_trend(const Inputs& in, int direction, std::optional<double> probability) const;
  Signal against_trend(const Inputs& in, int direction, std::optional<double> probability) const;

  BreakoutParams params_;
  FeatureSlot high_ = 0;
  FeatureSlot low_ = 0;
  FeatureSlot volume_ratio_ = 0;
  FeatureSlot fast_mean_ = 0;
  FeatureSlot slow_mean_ = 0;
  FeatureSlot momentum_ = 0;
  FeatureSlot atr_ = 0;
};

StrategyDefinition breakout_definition();

}  // namespace hftsim
