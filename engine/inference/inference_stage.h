// The pipeline's inference stage: puts a probability beside every feature row of a block, or NaN where there is
// none yet. Several models give their weighted mean, and none until each of them has one.
//
// A model sees the rows from the first one on in which none of its own inputs is NaN, whatever else the run
// computes. In replay the rows of a whole block go at once, live those that are there.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/block.h"
#include "engine/inference/input_scaler.h"
#include "engine/inference/predictor.h"

namespace hftsim::inference {

// One model at work: where its inputs stand in the run's rows, and a predictor per instrument.
struct StageMember {
  std::vector<std::uint32_t> slots;
  InputScaler scaler;
  double weight = 1;  // > 0
  std::vector<std::unique_ptr<Predictor>> predictors;
};

class InferenceStage {
 public:
  // At least one member, with a predictor for each of `instruments`.
  InferenceStage(std::vector<StageMember> members, std::size_t instruments, std::uint32_t block_capacity);

  // Sets the block's predictions; its features are there.
  void process(Block& block);

  // Lets the predictors work ahead while nothing else is to be done (Predictor::advance).
  void advance();

  std::uint64_t predictions() const { return predictions_; }

  // Inputs that were not finite and became what the model's metadata says.
  std::uint64_t replaced_inputs() const { return replaced_inputs_; }

 private:
  struct Rows {
    std::uint32_t first = 0, count = 0;
  };
  struct Member {
    StageMember model;
    std::vector<std::uint8_t> warm;  // per instrument
  };

  void find_rows(const Block& block);
  void predict(Member& member, std::size_t instrument, const Block& block);
  std::uint32_t cold_rows(Member& member, std::size_t instrument, const Block& block) const;
  void combine(Block& block);

  std::vector<Member> members_;
  double weight_sum_ = 0;
  std::vector<Rows> rows_;            // of the block, per instrument
  std::vector<float> inputs_;         // of one member and instrument
  std::vector<float> probabilities_;  // (members, capacity)
  std::uint32_t capacity_;
  std::uint64_t predictions_ = 0, replaced_inputs_ = 0;
};

}  // namespace hftsim::inference
