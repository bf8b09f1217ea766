// Overlapping windows, a block of them side by side: each row's input sums are worked out once and serve every
// window that holds the row; then all windows of the block take their steps together, as small matrix products.
// The scratch memory of one worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/native/lstm_sequence.h"

namespace hftsim::models {

class WindowRunner {
 public:
  static constexpr std::size_t kBlock = 96;  // windows: their states and the weights stay in the L2 cache

  WindowRunner(const PackedLstm& lstm, std::uint32_t lookback);

  // What one takes, in any precision: a KiB per row of the lookback and of the block.
  static std::uint64_t bytes_needed(std::uint32_t lookback);

  // As inference::WindowModel's.
  void predict(const float* rows, std::size_t windows, float* out);

 private:
  float single(const float* rows);
  void block(std::size_t windows, float* out);
  void keep_overlap(std::size_t windows);

  const PackedLstm& lstm_;
  std::size_t lookback_;
  LstmSequence sequence_;
  Arena arena_;
  std::span<float> sums_;  // of the block's rows
  std::span<std::byte> hidden_[2][2];
  std::span<float> cell_[2], exact_;
};

}  // namespace hftsim::models
