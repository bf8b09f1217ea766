// Mean reversion: buys what has fallen too far below its own recent range, sells what has risen too far.
// RSI: Wilder 1978; bands: Bollinger 2001.
#pragma once

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

struct MeanReversionParams {
  double oversold = 30;           // RSI
  double overbought = 70;         // RSI
  double mean_deviation = 0.02;   // of the 20-bar mean
  double volume_threshold = 1.1;  // volume over its 10-bar mean that confirms, this value included
};

// Three votes, each strict: RSI-14 beyond its bound, close outside the Bollinger band 20/2, close away from
// its 20-bar mean. Each adds to the confidence whichever way it votes: 0.4 * (how far into the zone between
// the bound and the end of the RSI's scale), min(distance from the band, relative to the band / 0.02, 0.3)
// and 0.2; all of it * 0.7 without volume.
//
//   sum of votes          confidence         target       stop
//   >= 2 or <= -2         at most 0.95       2 ATR        1.5 ATR
//   +-1 and volume        * 0.7, at most 0.65  1.5 ATR    1 ATR
//
// Everything else is hold.
// Not modelled: trends; in one, "too far" goes further.
class MeanReversion final : public SignalStrategy {
 public:
  explicit MeanReversion(const MeanReversionParams& params) : params_(params) {}

  std::vector<std::string> features() const override;
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  Signal decide(const StrategyContext& context) override;

 private:
  struct Vote {
    int direction = 0;  // +1: has fallen too far
    double confidence = 0;
  };

  Vote rsi_vote(double rsi) const;
  Vote band_vote(double close, double lower, double upper) const;
  Vote deviation_vote(double close, double mean) const;

  MeanReversionParams params_;
  FeatureSlot rsi_ = 0;
  FeatureSlot upper_ = 0;
  FeatureSlot lower_ = 0;
  FeatureSlot mean_ = 0;
  FeatureSlot volume_ratio_ = 0;
  FeatureSlot atr_ = 0;
};

StrategyDefinition mean_reversion_definition();

}  // namespace hftsim
