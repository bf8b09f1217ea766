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

constexpr std::uint64_t kCold = UINT64_MAX;

// Rows before its span that some model is to be shown when its turn comes.
std::size_t longest_reach(const std::vector<StageMember>& members) {
  std::size_t rows = 0;
  for (const StageMember& member : members) {
    const bool waits = member.from_ns != INT64_MIN && member.lookback > 0;
    if (waits) rows = std::max<std::size_t>(rows, member.lookback - 1);
  }
  return rows;
}

std::size_t columns_used(const std::vector<StageMember>& members) {
  std::size_t columns = 0;
  for (const StageMember& member : members) {
    for (const std::uint32_t slot : member.slots) columns = std::max<std::size_t>(columns, slot + 1);
  }
  return columns;
}

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
    : recent_(instruments, columns_used(members), longest_reach(members)),
      rows_(instruments),
      row_ts_(block_capacity),
      probabilities_(members.size() * block_capacity),
      capacity_(block_capacity) {
  assert(!members.empty());
  std::size_t most_inputs = 0;
  for (StageMember& member : members) {
    assert(member.predictors.size() == instruments);
    most_inputs = std::max(most_inputs, member.slots.size());
    members_.push_back({std::move(member), std::vector<std::uint64_t>(instruments, kCold)});
  }
  asked_.reserve(members_.size());
  inputs_.resize(most_inputs * block_capacity);
}

void InferenceStage::process(Block& block) {
  find_rows(block);
  find_asked(block);
  for (Member& member : members_) {
    for (std::size_t instrument = 0; instrument < rows_.size(); ++instrument) {
      if (rows_[instrument].count > 0) ask(member, instrument, block);
    }
  }
  for (std::size_t instrument = 0; instrument < rows_.size(); ++instrument) {
    const Rows rows = rows_[instrument];
    recent_.append(instrument, block.features.data() + rows.first, block.stride, rows.count);
  }
  combine(block);
  count(block);
}

bool InferenceStage::advance() {
  return std::ranges::any_of(members_, [](Member& member) {
    return std::ranges::any_of(member.model.predictors, [](auto& predictor) { return predictor->advance(); });
  });
}

void InferenceStage::rehearse(std::size_t instrument) {
  for (Member& member : members_) member.model.predictors[instrument]->rehearse();
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

void InferenceStage::find_asked(const Block& block) {
  asked_.clear();
  if (block.size == 0) return;
  const std::int64_t first_ns = block.events.front().ts_ns, last_ns = block.events[block.size - 1].ts_ns;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const StageMember& model = members_[m].model;
    if (model.from_ns <= last_ns && model.until_ns > first_ns) asked_.push_back(m);
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
  const StageMember& model = member.model;
  const std::uint64_t before = recent_.count(instrument);
  const std::uint64_t begin = before + first_row_from(rows, model.from_ns);
  const std::uint64_t end = before + first_row_from(rows, model.until_ns);
  warm_up(member, instrument, block);
  const bool waits = begin == before + rows.count && model.lookback > 0;
  if (waits || end == before) return;
  float* out =
      probabilities_.data() + static_cast<std::size_t>(&member - members_.data()) * capacity_ + rows.first;
  std::fill_n(out, rows.count, std::numeric_limits<float>::quiet_NaN());

  std::uint64_t& next = member.next[instrument];
  if (model.lookback > 0) next = std::max(next, begin - std::min<std::uint64_t>(begin, model.lookback - 1));
  Predictor& predictor = *model.predictors[instrument];
  feed(member, instrument, block, begin,
       [&](std::size_t count, std::size_t) { predictor.observe(inputs_.data(), count); });
  feed(member, instrument, block, end, [&](std::size_t count, std::size_t replaced) {
    predictor.predict(inputs_.data(), count, out + (next - before));
    replaced_inputs_ += replaced;
  });
}

// The rows up to `end` that the member's predictor has not had: take(rows, inputs that were not finite) for as many
// as lie together, scaled.
template <class Take>
void InferenceStage::feed(Member& member, std::size_t instrument, const Block& block, std::uint64_t end,
                          Take take) {
  const StageMember& model = member.model;
  const std::uint64_t before = recent_.count(instrument);
  for (std::uint64_t& next = member.next[instrument]; next < end;) {
    const RecentRows::Piece piece =
        next < before ? recent_.piece(instrument, next, std::min(end, before))
                      : RecentRows::Piece{block.features.data() + rows_[instrument].first + (next - before),
                                          block.stride, static_cast<std::size_t>(end - next)};
    const std::size_t count = std::min<std::size_t>(piece.rows, capacity_);
    take(count, model.scaler.apply(piece.values, piece.stride, model.slots, count, inputs_.data()));
    next += count;
  }
}

// Counted from the instrument's first row in the block.
std::uint32_t InferenceStage::first_row_from(Rows rows, std::int64_t ts_ns) const {
  const auto first = row_ts_.begin() + rows.first, last = first + rows.count;
  return static_cast<std::uint32_t>(std::lower_bound(first, last, ts_ns) - first);
}

// Finds the first row in which all of the model's inputs are known.
void InferenceStage::warm_up(Member& member, std::size_t instrument, const Block& block) const {
  if (member.next[instrument] != kCold) return;
  const Rows rows = rows_[instrument];
  for (std::uint32_t i = 0; i < rows.count; ++i) {
    const bool known = std::ranges::none_of(member.model.slots, [&](std::uint32_t slot) {
      return std::isnan(block.feature(slot, rows.first + i));
    });
    if (!known) continue;
    member.next[instrument] = recent_.count(instrument) + i;
    return;
  }
}

void InferenceStage::combine(Block& block) {
  for (const Rows rows : rows_) {
    for (std::uint32_t row = rows.first; row < rows.first + rows.count; ++row) {
      block.predictions[row] = mean_of(row);
    }
  }
}

// Over the members that are asked about this time; NaN where there are none (0 / 0).
double InferenceStage::mean_of(std::uint32_t row) const {
  double sum = 0, weights = 0;
  for (const std::size_t m : asked_) {
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
  for (const std::size_t m : asked_) {
    const StageMember& model = members_[m].model;
    if (is_asked(model, ts_ns)) latest_ns = std::max(latest_ns, model.*time);
  }
  return latest_ns;
}

}  // namespace hftsim::inference
