// Live: the windows that a row belongs to are all in flight, one in each slot, and every new row is the next
// step of each. The window that the row completes goes first, and of its step only what the row decides: the
// sums of the values before are worked out in advance. The others follow in advance(), some at a time, before the next
// row.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "engine/core/arena.h"
#include "engine/inference/predictor.h"
#include "models/native/packed_lstm.h"

namespace hftsim::models {

class Wavefront final : public inference::Predictor {
 public:
  Wavefront(std::shared_ptr<const PackedLstm> lstm, std::uint32_t lookback);

  void predict(const float* rows, std::size_t count, float* out) override;
  void observe(const float* rows, std::size_t count) override;
  bool advance() override;
  void rehearse() override;

 private:
  std::size_t slot_at(std::uint64_t row) const { return static_cast<std::size_t>(row % lookback_); }
  std::byte* hidden(std::size_t layer, std::size_t slot) const;
  void take(const float* row);
  float complete(float* first_cell, float* second_cell);
  void step(std::size_t slot, std::size_t count);
  void go_on();
  void clear(std::size_t slot);
  void sum_ahead(std::size_t slot);

  std::shared_ptr<const PackedLstm> lstm_;
  std::uint64_t lookback_;
  Arena arena_;
  std::span<std::byte> hidden_[2][2];  // [layer][now_ or the other]: [slot][kHidden]
  std::span<float> cell_[2];
  std::span<float> row_;            // that came last
  std::span<float> input_;          // its input sums of the first layer
  std::span<float> ahead_[2];       // sums of the values before, of the window that completes next
  std::span<float> below_, exact_;  // of the window that completes
  std::span<float> spare_cell_[2];  // of a window that completes for nobody
  std::span<std::byte> new_hidden_[2];
  std::size_t now_ = 0;
  std::size_t stepped_ = 0;  // windows that the last row has reached, while it is behind
  std::uint64_t rows_ = 0;
  bool behind_ = false;  // the last row is yet to reach the windows that go on
};

}  // namespace hftsim::models
