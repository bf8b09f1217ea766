// The pipeline's feature stage: fills the feature rows of a block, with one FeatureSet per instrument.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/block.h"
#include "engine/core/instrument.h"
#include "engine/features/feature_set.h"

namespace hftsim::features {

class FeatureStage {
 public:
  // Throws BadInput for a name that is not known.
  FeatureStage(const std::vector<std::string>& names, std::span<const Instrument> instruments,
               std::uint32_t block_capacity, Isa isa = detect_isa());

  // Sets row_of, warm and features of every event in the block. Bars of an instrument get neighbouring rows;
  // what is not a bar has none (kNoRow).
  void process(Block& block);

  const FeatureSet& set(InstrumentId instrument) const { return sets_[instrument]; }
  FeatureSet& set(InstrumentId instrument) { return sets_[instrument]; }

 private:
  void process_single(Block& block);
  void process_mixed(Block& block);

  std::vector<FeatureSet> sets_;
  std::vector<std::vector<std::uint32_t>> index_;  // per instrument: its events in the block
};

}  // namespace hftsim::features
