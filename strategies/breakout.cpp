#include "strategies/breakout.h"

#include <cmath>

#include "strategies/opinion.h"

namespace hftsim {
namespace {

constexpr const char* kHigh = "rolling_high_20";
constexpr const char* kLow = "rolling_low_20";
constexpr const char* kVolumeRatio = "volume_ratio_10";
constexpr const char* kFastMean = "sma_10";
constexpr const char* kSlowMean = "sma_20";
constexpr const char* kMomentum = "momentum_10";
constexpr const char* kAtr = "atr_14";

const std::vector<ParamField<BreakoutParams>>& fields() {
  using P = BreakoutParams;
  static const std::vector<ParamField<P>> all = {
      {&P::threshold, "threshold", 0, 0.5, "relative distance beyond the 20-bar high or low"},
      {&P::volume_threshold, "volume_threshold", 0, 1000,
       "volume over its 10-bar mean from which on it confirms"},
      {&P::atr_multiple, "atr_multiple", 0, 1000, "distance of the target, in ATR"},
  };
  return all;
}

// `direction * (p - 0.5)` is how much the model speaks for the signal.
double moved_by_model(double confidence, int direction, std::optional<double> probability) {
  if (!probability) return confidence;
  const double p = *probability;
  const bool agrees = direction > 0 ? p > 0.5 : p < 0.5;
  const bool strongly_disagrees = direction > 0 ? p < 0.4 : p > 0.6;
  if (agrees) return std::min(confidence + std::fabs(p - 0.5) * 0.3, 0.98);
  return strongly_disagrees ? confidence * 0.6 : confidence;
}

}  // namespace

std::vector<std::string> Breakout::features() const {
  return {kHigh, kLow, kVolumeRatio, kFastMean, kSlowMean, kMomentum, kAtr};
}

void Breakout::start(const FeatureLookup& lookup, std::span<const Instrument>) {
  high_ = lookup.slot(kHigh);
  low_ = lookup.slot(kLow);
  volume_ratio_ = lookup.slot(kVolumeRatio);
  fast_mean_ = lookup.slot(kFastMean);
  slow_mean_ = lookup.slot(kSlowMean);
  momentum_ = lookup.slot(kMomentum);
  atr_ = lookup.slot(kAtr);
}

Breakout::Inputs Breakout::read(const StrategyContext& context) const {
  return {context.bar().close,         context.feature(high_),
          context.feature(low_),       context.feature(volume_ratio_),
          context.feature(fast_mean_), context.feature(slow_mean_),
          context.feature(momentum_),  context.feature(atr_)};
}

int Breakout::direction_of(const Inputs& in) const {
  if (in.volume_ratio < params_.volume_threshold) return 0;
  if (in.close > in.high * (1 + params_.threshold)) return +1;
  if (in.close < in.low * (1 - params_.threshold)) return -1;
  return 0;
}

Signal Breakout::with_trend(const Inputs& in, int direction, std::optional<double> probability) const {
  const double level = direction > 0 ? in.high : in.low;
  const double distance = direction * (in.close - level) / level;
  const double move = direction * in.momentum / in.close;
  const double confidence = std::min(distance / 0.01, 0.4) + std::min((in.volume_ratio - 1) / 2, 0.3) +
                            (move > 0 ? std::min(move / 0.002, 0.3) : 0);
  return opinion(side_of(direction), moved_by_model(std::min(confidence, 0.95), direction, probability),
                 in.close + direction * params_.atr_multiple * in.atr, level * (1 - direction * 0.005));
}

Signal Breakout::against_trend(const Inputs& in, int direction, std::optional<double> probability) const {
  return opinion(side_of(direction), moved_by_model(0.45, direction, probability),
                 in.close + direction * 1.5 * in.atr, direction > 0 ? in.low : in.high);
}

Signal Breakout::decide(const StrategyContext& context) {
  const Inputs in = read(context);
  if (!all_known(
          {in.close, in.high, in.low, in.volume_ratio, in.fast_mean, in.slow_mean, in.momentum, in.atr}))
    return {};
  const int direction = direction_of(in);
  if (direction == 0) return {};
  const bool trend_agrees = direction > 0 ? in.fast_mean > in.slow_mean : in.fast_mean < in.slow_mean;
  return trend_agrees ? with_trend(in, direction, context.prediction())
                      : against_trend(in, direction, context.prediction());
}

StrategyDefinition breakout_definition() {
  return {
      {"breakout", "follows a close beyond the 20-bar high or low where volume confirms", specs_of(fields())},
      [](const StrategyParams& resolved) {
        return std::make_unique<Breakout>(read_params(fields(), resolved));
      }};
}

}  // namespace hftsim
