// Momentum: the price has moved over ten bars, a model (where there is one) agrees, and volume confirms.
#pragma once

#include <optional>

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

struct MomentumParams {
  double ml_threshold = 0.55;          // the model votes beyond this probability, or below 1 - it
  double momentum_threshold = 0.0005;  // of the close
  double volume_threshold = 1.2;       // volume over its mean that confirms, this value included
};

// A vote needs its threshold exceeded strictly. Confidence:
//
//   model and momentum agree     mean of both * 1.2 with volume, * 0.8 without
//   model votes, with volume     0.7 * p, or 0.7 * (1 - p) for a sell; also against the momentum vote
//   momentum votes, with volume  0.6 * min(|m| / momentum_threshold, 1)
//
// Everything else is hold. Gives no target and no stop.
// Not modelled: costs; a signal does not know whether the move it bets on pays for its fees.
class Momentum final : public SignalStrategy {
 public:
  explicit Momentum(const MomentumParams& params) : params_(params) {}

  std::vector<std::string> features() const override;
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  Signal decide(const StrategyContext& context) override;

 private:
  struct Vote {
    SignalSide side = SignalSide::hold;
    double confidence = 0;
  };

  Vote model_vote(std::optional<double> probability) const;
  SignalSide momentum_vote(double relative_momentum) const;
  double momentum_confidence(double relative_momentum) const;

  MomentumParams params_;
  FeatureSlot momentum_ = 0;
  FeatureSlot volume_ratio_ = 0;
};

StrategyDefinition momentum_definition();

}  // namespace hftsim
