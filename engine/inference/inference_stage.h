// The pipeline's inference stage: puts a probability beside every feature row of a block, or NaN where there is
// none yet. Several models give their weighted mean, and none until each of them has one. A model may be asked
// for a span of time alone, as models are that get trained anew every month: before it, the model is shown the rows
// that its first window needs and no others, so that the work does not grow with the number of spans.
//
// A model sees the rows from the first one on in which none of its own inputs is NaN, whatever else the run
// computes. In replay the rows of a whole block go at once, live those that are there.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/block.h"
#include "engine/inference/input_scaler.h"
#include "engine/inference/predictor.h"
#include "engine/inference/recent_rows.h"

namespace hftsim::inference {

// One model at work: where its inputs stand in the run's rows, and a predictor per instrument.
struct StageMember {
  std::string name;  // the bundle's, for messages
  std::vector<std::uint32_t> slots;
  InputScaler scaler;
  std::uint32_t lookback = 0;                              // rows in its window; 0: needs all rows there are
  double weight = 1;                                       // > 0
  std::int64_t from_ns = INT64_MIN, until_ns = INT64_MAX;  // asked about bars that close in [from, until)
  // Bars up to here trained the model, and behind them up to there chose among its epochs: what it says of them
  // is no forecast.
  std::int64_t trained_until_ns = INT64_MIN, validated_until_ns = INT64_MIN;
  std::vector<std::unique_ptr<Predictor>> predictors;
};

class InferenceStage {
 public:
  // At least one member, with a predictor for each of `instruments`.
  InferenceStage(std::vector<StageMember> members, std::size_t instruments, std::uint32_t block_capacity);

  // Sets the block's predictions; its features are there. Where a model fails, throws what names it: IoFailure
  // for a lack of memory, else BadInput, because its bundle is not what it has to be.
  void process(Block& block);

  // Lets one predictor that can work ahead do so for a while (Predictor::advance); false: none can.
  bool advance();

  // Of one instrument, once advance() has nothing to do (Predictor::rehearse).
  void rehearse(std::size_t instrument);

  // Bars that close earlier only warm up: what is said of them is not counted.
  void count_from(std::int64_t start_ns) { count_from_ns_ = start_ns; }

  std::uint64_t predictions() const { return predictions_; }

  // Predictions on bars not after those that trained a model, or else not after those that chose its epoch.
  std::uint64_t predictions_in_training() const { return in_training_; }
  std::uint64_t predictions_in_validation() const { return in_validation_; }

  // The lowest and the highest of them; infinity and minus infinity where there are none.
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }

  // Inputs that were not finite and became what the model's metadata says, of the rows that models were asked
  // about.
  std::uint64_t replaced_inputs() const { return replaced_inputs_; }

 private:
  struct Rows {
    std::uint32_t first = 0, count = 0;
  };
  struct Member {
    StageMember model;
    std::vector<std::uint64_t>
        next;  // per instrument: the row its predictor takes next; kCold before the first
  };

  void find_rows(const Block& block);
  void find_asked(const Block& block);
  std::uint32_t first_row_from(Rows rows, std::int64_t ts_ns) const;
  double mean_of(std::uint32_t row) const;
  std::int64_t latest(std::int64_t StageMember::*time, std::int64_t ts_ns) const;
  void ask(Member& member, std::size_t instrument, const Block& block);
  void predict(Member& member, std::size_t instrument, const Block& block);
  void warm_up(Member& member, std::size_t instrument, const Block& block) const;
  template <class Take>
  void feed(Member& member, std::size_t instrument, const Block& block, std::uint64_t end, Take take);
  void combine(Block& block);
  void count(const Block& block);

  std::vector<Member> members_;
  std::vector<std::size_t> asked_;    // members whose span the block touches
  RecentRows recent_;                 // before the block
  std::vector<Rows> rows_;            // of the block, per instrument
  std::vector<std::int64_t> row_ts_;  // of the block, per row
  std::vector<float> inputs_;         // of one member and instrument
  std::vector<float> probabilities_;  // (members, capacity)
  std::uint32_t capacity_;
  std::int64_t count_from_ns_ = INT64_MIN;
  double lowest_ = std::numeric_limits<double>::infinity(), highest_ = -lowest_;
  std::uint64_t predictions_ = 0, in_training_ = 0, in_validation_ = 0, replaced_inputs_ = 0;
};

}  // namespace hftsim::inference
