#include "strategies/ensemble.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "engine/core/errors.h"
#include "strategies/opinion.h"

namespace hftsim {
namespace {

// In the order of EnsembleMode.
const std::vector<std::string>& mode_names() {
  static const std::vector<std::string> names = {"majority", "unanimous", "weighted"};
  return names;
}

std::vector<std::string> members_of(const StrategyParams& resolved) {
  return std::get<std::vector<std::string>>(resolved.at("members"));
}

// Empty: all the same.
std::vector<double> weights_of(const StrategyParams& resolved) {
  std::vector<double> weights = std::get<std::vector<double>>(resolved.at("weights"));
  if (weights.empty()) weights.assign(members_of(resolved).size(), 1.0);
  return weights;
}

void check(const StrategyParams& resolved, const std::string& place) {
  const std::vector<std::string> members = members_of(resolved);
  const std::vector<double> weights = weights_of(resolved);
  const auto is_repeated = [&](const std::string& name) {
    return std::ranges::count(members, name) > 1;
  };
  if (members.empty() || std::ranges::any_of(members, is_repeated)) {
    throw BadInput(place + ".members", to_text(members), "at least one strategy, each once");
  }
  if (weights.size() != members.size()) {
    throw BadInput(place + ".weights", to_text(weights),
                   "one weight for each of the " + std::to_string(members.size()) + " members, or []");
  }
  if (!(std::accumulate(weights.begin(), weights.end(), 0.0) > 0)) {
    throw BadInput(place + ".weights", to_text(weights), "a sum above 0");
  }
}

std::unique_ptr<SignalStrategy> make(const StrategyParams& resolved) {
  const std::vector<std::string> names = members_of(resolved);
  const std::vector<double> weights = weights_of(resolved);
  std::vector<EnsembleMember> members;
  for (std::size_t i = 0; i < names.size(); ++i) {
    members.push_back({make_signal_strategy(names[i], nested_params(resolved, names[i])), weights[i]});
  }
  const auto mode =
      std::ranges::find(mode_names(), std::get<std::string>(resolved.at("mode"))) - mode_names().begin();
  return std::make_unique<Ensemble>(std::move(members), static_cast<EnsembleMode>(mode),
                                    std::get<double>(resolved.at("min_confidence")));
}

}  // namespace

Ensemble::Ensemble(std::vector<EnsembleMember> members, EnsembleMode mode, double min_confidence)
    : members_(std::move(members)), mode_(mode), min_confidence_(min_confidence) {
  double sum = 0;
  for (const EnsembleMember& member : members_) sum += member.weight;
  assert(sum > 0);
  for (EnsembleMember& member : members_) member.weight /= sum;
}

std::vector<std::string> Ensemble::features() const {
  std::vector<std::string> all;
  for (const EnsembleMember& member : members_) {
    for (std::string& name : member.strategy->features()) {
      if (std::ranges::count(all, name) == 0) all.push_back(std::move(name));
    }
  }
  return all;
}

void Ensemble::start(const FeatureLookup& lookup, std::span<const Instrument> instruments) {
  for (EnsembleMember& member : members_) member.strategy->start(lookup, instruments);
}

bool Ensemble::needs_warm_row() const {
  return std::ranges::all_of(members_, [](const EnsembleMember& m) { return m.strategy->needs_warm_row(); });
}

void Ensemble::Tally::add(const Signal& signal) {
  votes += 1;
  confidence_sum += signal.confidence;
  if (!std::isnan(signal.target.value)) {
    target_sum += signal.target.value;
    targets += 1;
  }
  if (!std::isnan(signal.stop.value)) {
    stop_sum += signal.stop.value;
    stops += 1;
  }
}

Signal Ensemble::Tally::speak(SignalSide side, double confidence) const {
  // 0 / 0 is NaN, which is "no price".
  return opinion(side, confidence, target_sum / targets, stop_sum / stops);
}

Signal Ensemble::majority(const Tally& buy, const Tally& sell) const {
  const double all_votes = static_cast<double>(members_.size());
  const bool is_buy = buy.votes > sell.votes;
  const Tally& most = is_buy ? buy : sell;
  if (2 * most.votes <= all_votes || most.mean_confidence() < min_confidence_) return {};
  return most.speak(is_buy ? SignalSide::buy : SignalSide::sell,
                    most.mean_confidence() * (most.votes / all_votes));
}

Signal Ensemble::unanimous(const Tally& buy, const Tally& sell) const {
  if (buy.votes > 0 && sell.votes == 0) return buy.speak(SignalSide::buy, buy.mean_confidence());
  if (sell.votes > 0 && buy.votes == 0) return sell.speak(SignalSide::sell, sell.mean_confidence());
  return {};
}

Signal Ensemble::weighted(const Tally& buy, const Tally& sell, double score) const {
  if (score > min_confidence_ / 2) return buy.speak(SignalSide::buy, score);
  if (score < -min_confidence_ / 2) return sell.speak(SignalSide::sell, -score);
  return {};
}

Signal Ensemble::decide(const StrategyContext& context) {
  Tally buy, sell;
  double score = 0;
  for (EnsembleMember& member : members_) {
    if (member.strategy->needs_warm_row() && !context.warm()) continue;
    const Signal signal = member.strategy->decide(context);
    if (signal.side == SignalSide::hold || std::isnan(signal.confidence)) continue;
    const bool is_buy = signal.side == SignalSide::buy;
    (is_buy ? buy : sell).add(signal);
    score += member.weight * (is_buy ? signal.confidence : -signal.confidence);
  }
  switch (mode_) {
    case EnsembleMode::majority:
      return majority(buy, sell);
    case EnsembleMode::unanimous:
      return unanimous(buy, sell);
    case EnsembleMode::weighted:
      return weighted(buy, sell, score);
  }
  return {};
}

void Ensemble::on_report(const StrategyContext& context, OrderGateway& gateway,
                         const ExecutionReport& report) {
  for (EnsembleMember& member : members_) member.strategy->on_report(context, gateway, report);
}

StrategyDefinition ensemble_definition(const std::vector<std::string>& member_names) {
  const std::vector<std::string> default_members = {"momentum", "mean_reversion", "breakout"};
  return {
      {"ensemble",
       "one opinion out of several strategies' (their parameters as <member>.<parameter>)",
       {{"members", default_members, 0, 0, member_names, "strategies that vote, each once"},
        {"weights", std::vector<double>{}, 0, 1000, {}, "one per member, for mode weighted; []: the same"},
        {"mode", mode_names()[0], 0, 0, mode_names(), "how the votes become one"},
        {"min_confidence", 0.5, 0, 1, {}, "majority: of the side's mean; weighted: twice the score"}}},
      make,
      check,
      members_of};
}

}  // namespace hftsim
