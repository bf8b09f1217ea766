// A window model simple enough to be checked by hand: a weighted mean of the window's values, squashed into
// 0..1, with later rows counting more. Written for one window, so that it cannot depend on the batch.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>

#include "engine/inference/window_model.h"

namespace hftsim::test {

class PlainModel final : public inference::WindowModel {
 public:
  PlainModel(std::uint32_t lookback, std::uint32_t features, std::size_t batch = 16)
      : lookback_(lookback), features_(features), batch_(batch) {}

  std::uint32_t lookback() const override { return lookback_; }
  std::uint32_t features() const override { return features_; }
  std::size_t batch() const override { return batch_; }

  void predict(const float* rows, std::size_t windows, float* out, unsigned worker) const override {
    workers_seen_ |= 1U << worker;
    for (std::size_t w = 0; w < windows; ++w) out[w] = value(rows + w * features_);
  }

  float value(const float* window) const {
    double sum = 0;
    for (std::uint32_t row = 0; row < lookback_; ++row) {
      for (std::uint32_t k = 0; k < features_; ++k) {
        sum += (row + 1.0) * (k + 0.5) * window[row * features_ + k];
      }
    }
    return static_cast<float>(0.5 + 0.5 * sum / (1 + std::fabs(sum)));
  }

  unsigned workers_seen() const { return workers_seen_; }

 private:
  std::uint32_t lookback_, features_;
  std::size_t batch_;
  mutable std::atomic<unsigned> workers_seen_{0};
};

}  // namespace hftsim::test
