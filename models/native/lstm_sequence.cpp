#include "models/native/lstm_sequence.h"

#include <algorithm>
#include <cassert>

namespace hftsim::models {

namespace {

std::size_t bytes_needed(const PackedLstm& lstm) {
  return Arena::bytes_for<float>(LstmSequence::kChunk * (kGateRows + kHidden)) +
         2 * Arena::bytes_for<std::byte>((LstmSequence::kChunk + 1) * lstm.kernels().hidden_bytes) +
         2 * Arena::bytes_for<float>(kHidden);
}

}  // namespace

LstmSequence::LstmSequence(const PackedLstm& lstm) : lstm_(lstm), arena_(bytes_needed(lstm)) {
  sums_ = arena_.allocate<float>(kChunk * kGateRows);
  exact_ = arena_.allocate<float>(kChunk * kHidden);
  for (const std::size_t layer : {0U, 1U}) {
    hidden_[layer] = arena_.allocate<std::byte>((kChunk + 1) * lstm.kernels().hidden_bytes);
    cell_[layer] = arena_.allocate<float>(kHidden);
  }
}

std::byte* LstmSequence::hidden(std::span<std::byte> of, std::size_t row) const {
  return of.data() + row * lstm_.kernels().hidden_bytes;
}

void LstmSequence::take(const float* rows, std::size_t count) {
  assert(count > 0 && count <= kChunk);
  lstm_.project(rows, count, sums_.data());
  take_layer(0, count);
  lstm_.kernels().sum(lstm_.layer(1).input, hidden(hidden_[0], 1), count, sums_.data());
  take_layer(1, count);
  for (const auto of : hidden_) std::copy_n(hidden(of, count), lstm_.kernels().hidden_bytes, hidden(of, 0));
  fresh_ = false;
}

void LstmSequence::take_layer(std::size_t layer, std::size_t count) {
  for (std::size_t row = 0; row < count; ++row) {
    Step step{.rows = 1, .input = &sums_[row * kGateRows]};
    step.before = fresh_ && row == 0 ? nullptr : hidden(hidden_[layer], row);
    step.cell = cell_[layer].data();
    step.hidden = hidden(hidden_[layer], row + 1);
    step.backwards = row % 2 == 1;
    if (layer == 1) step.exact = &exact_[row * kHidden];
    lstm_.kernels().recur[layer](lstm_.layer(layer), step);
  }
}

}  // namespace hftsim::models
