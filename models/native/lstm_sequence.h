// One state of the LSTM that takes row after row: all of a chunk's steps through the first layer, then the
// second layer's input sums as one product, then its steps.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/arena.h"
#include "models/native/packed_lstm.h"

namespace hftsim::models {

class LstmSequence {
 public:
  static constexpr std::size_t kChunk = 64;  // rows in one call, at most

  explicit LstmSequence(const PackedLstm& lstm);

  // Back to the state before the first row.
  void forget() { fresh_ = true; }

  void take(const float* rows, std::size_t count);

  // The probability after row `index` of the last call.
  float probability_after(std::size_t index) const { return lstm_.head(&exact_[index * kHidden]); }

 private:
  std::byte* hidden(std::span<std::byte> of, std::size_t row) const;
  void take_layer(std::size_t layer, std::size_t count);

  const PackedLstm& lstm_;
  Arena arena_;
  std::span<float> sums_;           // [row][kGateRows], in the second layer's format after the first
  std::span<std::byte> hidden_[2];  // row 0: before the chunk
  std::span<float> cell_[2], exact_;
  bool fresh_ = true;
};

}  // namespace hftsim::models
