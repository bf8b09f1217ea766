#include "strategies/mean_reversion.h"

#include <cstdlib>

#include "engine/core/errors.h"
#include "strategies/opinion.h"

namespace hftsim {
namespace {

constexpr const char* kRsi = "rsi_14";
constexpr const char* kUpper = "bb_upper_20_2";
constexpr const char* kLower = "bb_lower_20_2";
constexpr const char* kMean = "sma_20";
constexpr const char* kVolumeRatio = "volume_ratio_10";
constexpr const char* kAtr = "atr_14";

const std::vector<ParamField<MeanReversionParams>>& fields() {
  using P = MeanReversionParams;
  static const std::vector<ParamField<P>> all = {
      {&P::oversold, "oversold", 0, 100, "RSI below which the price has fallen too far"},
      {&P::overbought, "overbought", 0, 100, "RSI above which the price has risen too far"},
      {&P::mean_deviation, "mean_deviation", 0, 1, "distance from the 20-bar mean that is too far"},
      {&P::volume_threshold, "volume_threshold", 0, 1000,
       "volume over its 10-bar mean from which on it confirms"},
  };
  return all;
}

void check(const StrategyParams& resolved, const std::string& place) {
  const double oversold = std::get<double>(resolved.at("oversold"));
  const double overbought = std::get<double>(resolved.at("overbought"));
  if (oversold < overbought) return;
  throw BadInput(place + ".oversold", to_text(oversold), "less than overbought = " + to_text(overbought));
}

}  // namespace

std::vector<std::string> MeanReversion::features() const {
  return {kRsi, kUpper, kLower, kMean, kVolumeRatio, kAtr};
}

void MeanReversion::start(const FeatureLookup& lookup, std::span<const Instrument>) {
  rsi_ = lookup.slot(kRsi);
  upper_ = lookup.slot(kUpper);
  lower_ = lookup.slot(kLower);
  mean_ = lookup.slot(kMean);
  volume_ratio_ = lookup.slot(kVolumeRatio);
  atr_ = lookup.slot(kAtr);
}

MeanReversion::Vote MeanReversion::rsi_vote(double rsi) const {
  if (rsi < params_.oversold) return {+1, 0.4 * (params_.oversold - rsi) / params_.oversold};
  if (rsi > params_.overbought) return {-1, 0.4 * (rsi - params_.overbought) / (100 - params_.overbought)};
  return {};
}

MeanReversion::Vote MeanReversion::band_vote(double close, double lower, double upper) const {
  constexpr double kFullDistance = 0.02;
  if (close < lower) return {+1, std::min((lower - close) / lower / kFullDistance, 0.3)};
  if (close > upper) return {-1, std::min((close - upper) / upper / kFullDistance, 0.3)};
  return {};
}

MeanReversion::Vote MeanReversion::deviation_vote(double close, double mean) const {
  const double deviation = (close - mean) / mean;
  if (deviation < -params_.mean_deviation) return {+1, 0.2};
  if (deviation > params_.mean_deviation) return {-1, 0.2};
  return {};
}

Signal MeanReversion::decide(const StrategyContext& context) {
  const double close = context.bar().close;
  const double rsi = context.feature(rsi_);
  const double upper = context.feature(upper_);
  const double lower = context.feature(lower_);
  const double mean = context.feature(mean_);
  const double volume_ratio = context.feature(volume_ratio_);
  const double atr = context.feature(atr_);
  if (!all_known({close, rsi, upper, lower, mean, volume_ratio, atr})) return {};

  const Vote votes[] = {rsi_vote(rsi), band_vote(close, lower, upper), deviation_vote(close, mean)};
  int sum = 0;
  double confidence = 0;
  for (const Vote& vote : votes) {
    sum += vote.direction;
    confidence += vote.confidence;
  }
  const bool volume_confirms = volume_ratio >= params_.volume_threshold;
  if (!volume_confirms) confidence *= 0.7;

  const int direction = sum > 0 ? +1 : -1;
  if (std::abs(sum) >= 2) {
    return opinion(side_of(direction), std::min(confidence, 0.95), close + direction * 2 * atr,
                   close - direction * 1.5 * atr);
  }
  if (std::abs(sum) == 1 && volume_confirms) {
    return opinion(side_of(direction), std::min(confidence * 0.7, 0.65), close + direction * 1.5 * atr,
                   close - direction * atr);
  }
  return {};
}

StrategyDefinition mean_reversion_definition() {
  return {{"mean_reversion", "buys below and sells above the recent range, by RSI, Bollinger band and mean",
           specs_of(fields())},
          [](const StrategyParams& resolved) {
            return std::make_unique<MeanReversion>(read_params(fields(), resolved));
          },
          check};
}

}  // namespace hftsim
