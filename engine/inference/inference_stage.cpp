#include "engine/inference/inference_stage.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace hftsim::inference {

InferenceStage::InferenceStage(std::vector<StageMember> members, std::size_t instruments,
                               std::uint32_t block_capacity)
    : rows_(instruments), probabilities_(members.size() * block_capacity), capacity_(block_capacity) {
  assert(!members.empty());
  std::size_t most_inputs = 0;
  for (StageMember& member : members) {
    assert(member.predictors.size() == instruments);
    weight_sum_ += member.weight;
    most_inputs = std::max(most_inputs, member.slots.size());
    members_.push_back({std::move(member), std::vector<std::uint8_t>(instruments)});
  }
  inputs_.resize(most_inputs * block_capacity);
}

void InferenceStage::process(Block& block) {
  find_rows(block);
  for (std::size_t m = 0; m < members_.size(); ++m) {
    for (std::size_t instrument = 0; instrument < rows_.size(); ++instrument) {
      if (rows_[instrument].count > 0) predict(members_[m], instrument, block);
    }
  }
  combine(block);
}

void InferenceStage::advance() {
  for (Member& member : members_) {
    for (auto& predictor : member.model.predictors) predictor->advance();
  }
}

// An instrument's rows lie together, in the order of its bars.
void InferenceStage::find_rows(const Block& block) {
  std::ranges::fill(rows_, Rows{});
  for (std::uint32_t i = 0; i < block.size; ++i) {
    if (block.row_of[i] == kNoRow) continue;
    Rows& rows = rows_[block.events[i].instrument];
    if (rows.count++ == 0) rows.first = block.row_of[i];
  }
}

void InferenceStage::predict(Member& member, std::size_t instrument, const Block& block) {
  const Rows rows = rows_[instrument];
  float* out =
      probabilities_.data() + static_cast<std::size_t>(&member - members_.data()) * capacity_ + rows.first;
  const std::uint32_t cold = cold_rows(member, instrument, block);
  std::fill_n(out, cold, std::numeric_limits<float>::quiet_NaN());
  if (cold == rows.count) return;
  const std::size_t count = rows.count - cold;
  replaced_inputs_ += member.model.scaler.apply(block.features.data() + rows.first + cold, block.stride,
                                                member.model.slots, count, inputs_.data());
  member.model.predictors[instrument]->predict(inputs_.data(), count, out + cold);
}

std::uint32_t InferenceStage::cold_rows(Member& member, std::size_t instrument, const Block& block) const {
  if (member.warm[instrument] != 0) return 0;
  const Rows rows = rows_[instrument];
  for (std::uint32_t i = 0; i < rows.count; ++i) {
    const bool known = std::ranges::none_of(member.model.slots, [&](std::uint32_t slot) {
      return std::isnan(block.feature(slot, rows.first + i));
    });
    if (!known) continue;
    member.warm[instrument] = 1;
    return i;
  }
  return rows.count;
}

void InferenceStage::combine(Block& block) {
  for (const Rows rows : rows_) {
    for (std::uint32_t row = rows.first; row < rows.first + rows.count; ++row) {
      double mean = probabilities_[row];
      if (members_.size() > 1) {
        double sum = 0;
        for (std::size_t m = 0; m < members_.size(); ++m) {
          sum += members_[m].model.weight * probabilities_[m * capacity_ + row];
        }
        mean = sum / weight_sum_;
      }
      block.predictions[row] = mean;
      predictions_ += std::isnan(mean) ? 0U : 1U;
    }
  }
}

}  // namespace hftsim::inference
