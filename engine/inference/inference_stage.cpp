#include "engine/inference/inference_stage.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <exception>
#include <limits>
#include <new>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim::inference {
namespace {

bool is_asked(const StageMember& model, std::int64_t ts_ns) {
  return ts_ns >= model.from_ns && ts_ns < model.until_ns;
}

// What is being thrown, with the model that threw it.
[[noreturn]] void rethrow_as_of(const std::string& name) {
  const auto named = [&name](const std::exception& error) {
    const std::string what = error.what();
    return what.starts_with(name) ? what : name + ": " + what;
  };
  try {
    throw;
  } catch (const IoFailure& error) {
    throw IoFailure(named(error));
  } catch (const std::bad_alloc&) {
    throw IoFailure(
        name + ": out of memory; lower model.threads or run.block, or run a model with a shorter lookback");
  } catch (const std::exception& error) {
    throw BadInput(named(error));
  }
}

}  // namespace

InferenceStage::InferenceStage(std::vector<StageMember> members, std::size_t instruments,
                               std::uint32_t block_capacity)
    : rows_(instruments),
      row_ts_(block_capacity),
      probabilities_(members.size() * block_capacity),
      capacity_(block_capacity) {
  assert(!members.empty());
  std::size_t most_inputs = 0;
  for (StageMember& member : members) {
    assert(member.predictors.size() == instruments);
    most_inputs = std::max(most_inputs, member.slots.size());
    members_.push_back({std::move(member), std::vector<std::uint8_t>(instruments)});
  }
  inputs_.resize(most_inputs * block_capacity);
}

void InferenceStage::process(Block& block) {
  find_rows(block);
  for (std::size_t m = 0; m < members_.size(); ++m) {
    for (std::size_t instrument = 0; instrument < rows_.size(); ++instrument) {
      if (rows_[instrument].count > 0) ask(members_[m], instrument, block);
    }
  }
  combine(block);
  count(block);
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
    row_ts_[block.row_of[i]] = block.events[i].ts_ns;
  }
}

void InferenceStage::ask(Member& member, std::size_t instrument, const Block& block) {
  try {
    predict(member, instrument, block);
  } catch (...) {
    rethrow_as_of(member.model.name);
  }
}

void InferenceStage::predict(Member& member, std::size_t instrument, const Block& block) {
  const Rows rows = rows_[instrument];
  float* out =
      probabilities_.data() + static_cast<std::size_t>(&member - members_.data()) * capacity_ + rows.first;
  std::fill_n(out, rows.count, std::numeric_limits<float>::quiet_NaN());
  const std::uint32_t cold = cold_rows(member, instrument, block);
  const std::uint32_t begin = std::max(cold, first_row_from(rows, member.model.from_ns));
  const std::uint32_t end = first_row_from(rows, member.model.until_ns);
  if (cold >= end) return;
  Predictor& predictor = *member.model.predictors[instrument];
  const auto scale = [&](std::uint32_t first, std::uint32_t last) {
    return member.model.scaler.apply(block.features.data() + rows.first + first, block.stride,
                                     member.model.slots, last - first, inputs_.data());
  };
  const std::uint32_t asked = std::min(begin, end);
  if (asked > cold) {
    scale(cold, asked);
    predictor.observe(inputs_.data(), asked - cold);
  }
  if (end > begin) {
    replaced_inputs_ += scale(begin, end);
    predictor.predict(inputs_.data(), end - begin, out + begin);
  }
}

// Counted from the instrument's first row in the block.
std::uint32_t InferenceStage::first_row_from(Rows rows, std::int64_t ts_ns) const {
  const auto first = row_ts_.begin() + rows.first, last = first + rows.count;
  return static_cast<std::uint32_t>(std::lower_bound(first, last, ts_ns) - first);
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
      block.predictions[row] = members_.size() == 1 ? probabilities_[row] : mean_of(row);
    }
  }
}

// Over the members that are asked about this time; NaN where there are none (0 / 0).
double InferenceStage::mean_of(std::uint32_t row) const {
  double sum = 0, weights = 0;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const StageMember& model = members_[m].model;
    if (!is_asked(model, row_ts_[row])) continue;
    sum += model.weight * probabilities_[m * capacity_ + row];
    weights += model.weight;
  }
  return sum / weights;
}

void InferenceStage::count(const Block& block) {
  for (std::uint32_t i = 0; i < block.size; ++i) {
    if (block.row_of[i] == kNoRow || std::isnan(block.predictions[block.row_of[i]])) continue;
    const std::int64_t ts_ns = block.events[i].ts_ns;
    if (ts_ns < count_from_ns_) continue;
    ++predictions_;
    lowest_ = std::min(lowest_, block.predictions[block.row_of[i]]);
    highest_ = std::max(highest_, block.predictions[block.row_of[i]]);
    if (ts_ns <= latest(&StageMember::trained_until_ns, ts_ns)) {
      ++in_training_;
    } else if (ts_ns <= latest(&StageMember::validated_until_ns, ts_ns)) {
      ++in_validation_;
    }
  }
}

// Of the members that are asked about this time.
std::int64_t InferenceStage::latest(std::int64_t StageMember::*time, std::int64_t ts_ns) const {
  std::int64_t latest_ns = INT64_MIN;
  for (const Member& member : members_) {
    if (is_asked(member.model, ts_ns)) latest_ns = std::max(latest_ns, member.model.*time);
  }
  return latest_ns;
}

}  // namespace hftsim::inference
