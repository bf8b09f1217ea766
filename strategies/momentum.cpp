#include "strategies/momentum.h"

#include <cmath>

#include "strategies/opinion.h"

namespace hftsim {
namespace {

constexpr const char* kMomentum = "momentum_10";
constexpr const char* kVolumeRatio = "volume_ratio_20";

const std::vector<ParamField<MomentumParams>>& fields() {
  static const std::vector<ParamField<MomentumParams>> all = {
      {&MomentumParams::ml_threshold, "ml_threshold", 0.5, 1, "probability beyond which the model votes"},
      {&MomentumParams::momentum_threshold, "momentum_threshold", 0, 1,
       "10-bar move, as a share of the close, beyond which momentum votes"},
      {&MomentumParams::volume_threshold, "volume_threshold", 0, 1000,
       "volume over its 20-bar mean from which on it confirms"},
  };
  return all;
}

}  // namespace

std::vector<std::string> Momentum::features() const {
  return {kMomentum, kVolumeRatio};
}

void Momentum::start(const FeatureLookup& lookup, std::span<const Instrument>) {
  momentum_ = lookup.slot(kMomentum);
  volume_ratio_ = lookup.slot(kVolumeRatio);
}

Momentum::Vote Momentum::model_vote(std::optional<double> probability) const {
  if (!probability) return {};
  const double p = *probability;
  if (p > params_.ml_threshold) return {SignalSide::buy, p};
  if (p < 1 - params_.ml_threshold) return {SignalSide::sell, 1 - p};
  return {};
}

// By arithmetic: which way the price moved is a coin toss, and half of the jumps would be guessed wrong.
SignalSide Momentum::momentum_vote(double relative_momentum) const {
  static_assert(int(SignalSide::buy) == 1 && int(SignalSide::sell) == 2);
  const int votes = std::fabs(relative_momentum) > params_.momentum_threshold ? 1 : 0;
  return static_cast<SignalSide>(votes << (std::signbit(relative_momentum) ? 1 : 0));
}

double Momentum::momentum_confidence(double relative_momentum) const {
  return std::min(std::fabs(relative_momentum) / params_.momentum_threshold, 1.0);
}

Signal Momentum::decide(const StrategyContext& context) {
  const double relative_momentum = context.feature(momentum_) / context.bar().close;
  const double volume_ratio = context.feature(volume_ratio_);
  const bool volume_confirms = volume_ratio >= params_.volume_threshold;
  const Vote model = model_vote(context.prediction());
  const SignalSide momentum = momentum_vote(relative_momentum);

  // Most bars end here, with one jump: volume and move are each hard to guess.
  const int votes = int(model.side) | (int(momentum) & -int(volume_confirms));
  if (votes == 0) return {};
  if (!all_known({relative_momentum, volume_ratio})) return {};

  if (model.side == momentum) {
    const double mean = (model.confidence + momentum_confidence(relative_momentum)) / 2;
    return opinion(momentum, mean * (volume_confirms ? 1.2 : 0.8));
  }
  if (!volume_confirms) return {};
  if (model.side != SignalSide::hold) return opinion(model.side, 0.7 * model.confidence);
  return opinion(momentum, 0.6 * momentum_confidence(relative_momentum));
}

StrategyDefinition momentum_definition() {
  return {{"momentum", "follows the 10-bar move where volume and, if there is one, the model confirm",
           specs_of(fields())},
          [](const StrategyParams& resolved) {
            return std::make_unique<Momentum>(read_params(fields(), resolved));
          }};
}

}  // namespace hftsim
