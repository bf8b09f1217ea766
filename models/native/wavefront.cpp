#include "models/native/wavefront.h"

#include <algorithm>
#include <limits>

namespace hftsim::models {

namespace {

constexpr std::size_t kWindowsAtOnce = 6;

std::size_t bytes_needed(const PackedLstm& lstm, std::size_t lookback) {
  const std::size_t hidden = lstm.kernels().hidden_bytes;
  return 4 * Arena::bytes_for<std::byte>(lookback * hidden) +
         2 * Arena::bytes_for<float>(lookback * kHidden) + 4 * Arena::bytes_for<float>(kGateRows) +
         3 * Arena::bytes_for<float>(kHidden) + 2 * Arena::bytes_for<std::byte>(hidden) +
         Arena::bytes_for<float>(lstm.features());
}

}  // namespace

Wavefront::Wavefront(std::shared_ptr<const PackedLstm> lstm, std::uint32_t lookback)
    : lstm_(std::move(lstm)), lookback_(lookback), arena_(bytes_needed(*lstm_, lookback)) {
  const std::size_t bytes = lstm_->kernels().hidden_bytes;
  for (const std::size_t layer : {0U, 1U}) {
    for (auto& hidden : hidden_[layer]) hidden = arena_.allocate<std::byte>(lookback * bytes);
    cell_[layer] = arena_.allocate<float>(lookback * kHidden);
    ahead_[layer] = arena_.allocate<float>(kGateRows);
    new_hidden_[layer] = arena_.allocate<std::byte>(bytes);
    spare_cell_[layer] = arena_.allocate<float>(kHidden);
  }
  row_ = arena_.allocate<float>(lstm_->features());
  input_ = arena_.allocate<float>(kGateRows);
  below_ = arena_.allocate<float>(kGateRows);
  exact_ = arena_.allocate<float>(kHidden);
  for (std::size_t slot = 0; slot < lookback; ++slot) clear(slot);
  sum_ahead(slot_at(1));
}

std::byte* Wavefront::hidden(std::size_t layer, std::size_t slot) const {
  return hidden_[layer][now_].data() + slot * lstm_->kernels().hidden_bytes;
}

// The window in slot r % lookback began at row r, so the one that row t completes is in slot t + 1.
void Wavefront::predict(const float* rows, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) {
    take(rows + i * lstm_->features());
    const std::size_t cells = slot_at(rows_ + 1) * kHidden;
    const bool full = rows_ + 1 >= lookback_;
    out[i] = full ? complete(&cell_[0][cells], &cell_[1][cells]) : std::numeric_limits<float>::quiet_NaN();
  }
}

void Wavefront::observe(const float* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) take(rows + i * lstm_->features());
}

void Wavefront::take(const float* row) {
  while (advance()) {
  }
  std::copy_n(row, row_.size(), row_.begin());
  lstm_->project(row, 1, input_.data());
  behind_ = true;
}

// The sums of the row that came last have done their work by then.
void Wavefront::rehearse() {
  if (behind_ || rows_ < lookback_) return;
  const std::size_t cells = slot_at(rows_ + 1) * kHidden;
  for (const std::size_t layer : {0U, 1U})
    std::copy_n(&cell_[layer][cells], kHidden, spare_cell_[layer].begin());
  lstm_->project(row_.data(), 1, input_.data());
  complete(spare_cell_[0].data(), spare_cell_[1].data());
}

float Wavefront::complete(float* first_cell, float* second_cell) {
  const LayerKernels& kernels = lstm_->kernels();
  Step first{.rows = 1, .input = input_.data(), .sums = ahead_[0].data()};
  first.cell = first_cell;
  first.hidden = new_hidden_[0].data();
  kernels.finish[0](lstm_->layer(0), first);

  kernels.sum(lstm_->layer(1).input, first.hidden, 1, below_.data());
  Step second{.rows = 1, .input = below_.data(), .sums = ahead_[1].data()};
  second.cell = second_cell;
  second.hidden = new_hidden_[1].data();
  second.exact = exact_.data();
  kernels.finish[1](lstm_->layer(1), second);
  return lstm_->head(exact_.data());
}

// As many windows as the kernels take at once, some microseconds.
bool Wavefront::advance() {
  if (!behind_) return false;
  const auto started = static_cast<std::size_t>(std::min(rows_ + 1, lookback_));
  const std::size_t count = std::min(kWindowsAtOnce, started - stepped_);
  step(stepped_, count);
  stepped_ += count;
  if (stepped_ == started) go_on();
  return true;
}

// The window that is complete takes the step as well: its slot is cleared next, and leaving it out would cost
// more.
void Wavefront::step(std::size_t slot, std::size_t count) {
  const LayerKernels& kernels = lstm_->kernels();
  const std::size_t at = slot * kernels.hidden_bytes;
  Step first{.rows = count, .input = input_.data(), .before = hidden(0, slot)};
  first.cell = &cell_[0][slot * kHidden];
  first.hidden = hidden_[0][1 - now_].data() + at;
  kernels.recur[0](lstm_->layer(0), first);

  Step second{.rows = count, .below = first.hidden, .before = hidden(1, slot)};
  second.cell = &cell_[1][slot * kHidden];
  second.hidden = hidden_[1][1 - now_].data() + at;
  kernels.step(lstm_->layer(1), second);
}

// To the next row.
void Wavefront::go_on() {
  behind_ = false;
  stepped_ = 0;
  now_ = 1 - now_;
  ++rows_;
  clear(slot_at(rows_));
  if (rows_ + 1 >= lookback_) sum_ahead(slot_at(rows_ + 1));
}

void Wavefront::clear(std::size_t slot) {
  const LayerKernels& kernels = lstm_->kernels();
  for (const std::size_t layer : {0U, 1U}) {
    std::fill_n(hidden(layer, slot), kernels.hidden_bytes, std::byte{kernels.hidden_zero});
    std::fill_n(&cell_[layer][slot * kHidden], kHidden, 0.0f);
  }
}

void Wavefront::sum_ahead(std::size_t slot) {
  for (const std::size_t layer : {0U, 1U})
    lstm_->kernels().sum(lstm_->layer(layer).recurrent, hidden(layer, slot), 1, ahead_[layer].data());
}

}  // namespace hftsim::models
