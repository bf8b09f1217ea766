#include "engine/inference/window_batcher.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace hftsim::inference {
namespace {

constexpr std::size_t divided_up(std::size_t n, std::size_t by) {
  return (n + by - 1) / by;
}

}  // namespace

WindowBatcher::WindowBatcher(std::shared_ptr<const WindowModel> model, Executor& executor,
                             std::size_t rows_per_call)
    : model_(std::move(model)),
      executor_(executor),
      features_(model_->features()),
      history_(model_->lookback() - 1),
      rows_per_call_(rows_per_call),
      rows_((history_ + rows_per_call) * features_) {
  assert(rows_per_call > 0);
}

void WindowBatcher::predict(const float* rows, std::size_t count, float* out) {
  for (std::size_t done = 0; done < count; done += rows_per_call_) {
    predict_some(rows + done * features_, std::min(rows_per_call_, count - done), out + done);
  }
}

void WindowBatcher::predict_some(const float* rows, std::size_t count, float* out) {
  append(rows, count);
  const std::size_t held = kept_ + count;
  const std::size_t windows = held > history_ ? held - history_ : 0;
  std::fill_n(out, count - windows, std::numeric_limits<float>::quiet_NaN());
  if (windows > 0) run(windows, out + count - windows);
  keep_last(held);
}

void WindowBatcher::observe(const float* rows, std::size_t count) {
  const std::size_t skipped = count > history_ ? count - history_ : 0;
  for (std::size_t done = skipped; done < count; done += rows_per_call_) {
    const std::size_t some = std::min(rows_per_call_, count - done);
    append(rows + done * features_, some);
    keep_last(kept_ + some);
  }
}

void WindowBatcher::append(const float* rows, std::size_t count) {
  std::copy_n(rows, count * features_, rows_.data() + kept_ * features_);
}

// As many rounds as the model's best batch asks for, with equal shares for all workers in each.
void WindowBatcher::run(std::size_t windows, float* out) {
  const std::size_t workers = executor_.workers();
  const std::size_t rounds = divided_up(windows, workers * model_->batch());
  const std::size_t share = divided_up(windows, workers * rounds);
  executor_.run(divided_up(windows, share), [&](std::size_t piece, unsigned worker) {
    const std::size_t first = piece * share;
    model_->predict(rows_.data() + first * features_, std::min(share, windows - first), out + first, worker);
  });
}

void WindowBatcher::keep_last(std::size_t rows) {
  kept_ = std::min(rows, history_);
  const float* first = rows_.data() + (rows - kept_) * features_;
  std::copy(first, first + kept_ * features_, rows_.data());
}

}  // namespace hftsim::inference
