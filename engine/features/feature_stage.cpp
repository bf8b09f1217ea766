#include "engine/features/feature_stage.h"

#include <numeric>

namespace hftsim::features {

FeatureStage::FeatureStage(const std::vector<std::string>& names, std::span<const Instrument> instruments,
                           std::uint32_t block_capacity, Isa isa) {
  for (const Instrument& instrument : instruments) {
    sets_.emplace_back(names, FeatureSetOptions{instrument.bar_interval, isa});
    index_.emplace_back().reserve(block_capacity);
  }
}

void FeatureStage::process(Block& block) {
  bool only_bars = true;
  for (const Event& event : block.events) only_bars = only_bars && event.kind == EventKind::bar;
  if (sets_.size() == 1 && only_bars) {
    process_single(block);
  } else {
    process_mixed(block);
  }
}

void FeatureStage::process_single(Block& block) {
  const std::span<std::uint32_t> rows = block.row_of.first(block.size);
  std::iota(rows.begin(), rows.end(), 0U);
  const std::size_t cold = sets_[0].update(block.events, block.features.data(), block.stride);
  for (std::size_t i = 0; i < block.size; ++i) block.warm[i] = i >= cold;
}

void FeatureStage::process_mixed(Block& block) {
  for (auto& index : index_) index.clear();
  for (std::uint32_t i = 0; i < block.size; ++i) {
    const Event& event = block.events[i];
    block.row_of[i] = kNoRow;
    block.warm[i] = 0;
    if (event.kind == EventKind::bar) index_[event.instrument].push_back(i);
  }
  std::uint32_t row = 0;
  for (std::size_t k = 0; k < sets_.size(); ++k) {
    const std::size_t cold =
        sets_[k].update(block.events, index_[k], block.features.data() + row, block.stride);
    for (std::size_t j = 0; j < index_[k].size(); ++j) {
      block.row_of[index_[k][j]] = row++;
      block.warm[index_[k][j]] = j >= cold;
    }
  }
}

}  // namespace hftsim::features
