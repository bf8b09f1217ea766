// Ensemble: several strategies look at the same bar, and a rule makes one opinion of theirs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/runtime/strategy.h"
#include "strategies/registry.h"

namespace hftsim {

enum class EnsembleMode : std::uint8_t { majority, unanimous, weighted };

struct EnsembleMember {
  std::unique_ptr<SignalStrategy> strategy;
  double weight = 1;  // mode weighted; normalised to a sum of 1
};

// majority   the side with more than half of all votes (holds are votes) whose mean confidence reaches
//            min_confidence; confidence = that mean * its share of the votes
// unanimous  all that do not hold agree; their mean confidence
// weighted   score = sum of weight * confidence, sells negative; beyond +-min_confidence / 2 that side with
//            |score|
//
// Target and stop are the means of those that agree and have one. A member that needs a warm row holds until
// there is one. Members hear of reports, not of trades, quotes and timers.
// Not modelled: correlation; two members that look at the same thing count twice.
class Ensemble final : public SignalStrategy {
 public:
  // At least one member; weights not negative, their sum > 0.
  Ensemble(std::vector<EnsembleMember> members, EnsembleMode mode, double min_confidence);

  std::vector<std::string> features() const override;
  void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) override;
  bool needs_warm_row() const override;
  Signal decide(const StrategyContext& context) override;
  void on_report(const StrategyContext& context, OrderGateway& gateway,
                 const ExecutionReport& report) override;

 private:
  // What the members of one side say together.
  struct Tally {
    double votes = 0;
    double confidence_sum = 0;
    double target_sum = 0, targets = 0;
    double stop_sum = 0, stops = 0;

    void add(const Signal& signal);
    double mean_confidence() const { return confidence_sum / votes; }
    Signal speak(SignalSide side, double confidence) const;
  };

  Signal majority(const Tally& buy, const Tally& sell) const;
  Signal unanimous(const Tally& buy, const Tally& sell) const;
  Signal weighted(const Tally& buy, const Tally& sell, double score) const;

  std::vector<EnsembleMember> members_;
  EnsembleMode mode_;
  double min_confidence_;
};

// `member_names`: which strategies may be members.
StrategyDefinition ensemble_definition(const std::vector<std::string>& member_names);

}  // namespace hftsim
