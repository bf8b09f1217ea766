#include "models/native/window_runner.h"

#include <algorithm>

namespace hftsim::models {

namespace {

constexpr std::size_t kBlock = WindowRunner::kBlock;

}  // namespace

// Hidden values take a float each at most.
std::uint64_t WindowRunner::bytes_needed(std::uint32_t lookback) {
  return Arena::bytes_for<float>((kBlock + lookback - 1) * kGateRows) +
         7 * Arena::bytes_for<float>(kBlock * kHidden);
}

WindowRunner::WindowRunner(const PackedLstm& lstm, std::uint32_t lookback)
    : lstm_(lstm), lookback_(lookback), sequence_(lstm), arena_(bytes_needed(lookback)) {
  sums_ = arena_.allocate<float>((kBlock + lookback - 1) * kGateRows);
  exact_ = arena_.allocate<float>(kBlock * kHidden);
  for (const std::size_t layer : {0U, 1U}) {
    cell_[layer] = arena_.allocate<float>(kBlock * kHidden);
    for (auto& hidden : hidden_[layer])
      hidden = arena_.allocate<std::byte>(kBlock * lstm.kernels().hidden_bytes);
  }
}

void WindowRunner::predict(const float* rows, std::size_t windows, float* out) {
  if (windows == 1) {
    *out = single(rows);
    return;
  }
  const std::size_t blocks = (windows + kBlock - 1) / kBlock;
  std::size_t first = 0, known = 0;  // input sums of rows that the block before worked out
  for (std::size_t left = blocks; left > 0; --left) {
    const std::size_t here = (windows - first + left - 1) / left;
    const std::size_t count = here + lookback_ - 1;
    lstm_.project(rows + (first + known) * lstm_.features(), count - known, &sums_[known * kGateRows]);
    block(here, out + first);
    if (left > 1) keep_overlap(here);
    known = lookback_ - 1;
    first += here;
  }
}

float WindowRunner::single(const float* rows) {
  sequence_.forget();
  std::size_t count = 0;
  for (std::size_t row = 0; row < lookback_; row += count) {
    count = std::min(LstmSequence::kChunk, lookback_ - row);
    sequence_.take(rows + row * lstm_.features(), count);
  }
  return sequence_.probability_after(count - 1);
}

void WindowRunner::block(std::size_t windows, float* out) {
  const LayerKernels& kernels = lstm_.kernels();
  std::size_t now = 0;
  for (std::size_t row = 0; row < lookback_; ++row, now = 1 - now) {
    Step first{.rows = windows, .input = &sums_[row * kGateRows], .input_stride = kGateRows};
    first.before = row == 0 ? nullptr : hidden_[0][now].data();
    first.cell = cell_[0].data();
    first.hidden = hidden_[0][1 - now].data();
    kernels.recur[0](lstm_.layer(0), first);

    Step second{.rows = windows, .below = first.hidden};
    second.before = row == 0 ? nullptr : hidden_[1][now].data();
    second.cell = cell_[1].data();
    second.hidden = hidden_[1][1 - now].data();
    if (row + 1 == lookback_) second.exact = exact_.data();
    kernels.step(lstm_.layer(1), second);
  }
  for (std::size_t w = 0; w < windows; ++w) out[w] = lstm_.head(&exact_[w * kHidden]);
}

// The next block begins `windows` rows further on.
void WindowRunner::keep_overlap(std::size_t windows) {
  const auto begin = sums_.begin() + static_cast<std::ptrdiff_t>(windows * kGateRows);
  std::copy_n(begin, (lookback_ - 1) * kGateRows, sums_.begin());
}

}  // namespace hftsim::models
