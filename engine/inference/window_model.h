// A model that sees a window of `lookback` rows at a time and remembers nothing between windows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hftsim::inference {

class WindowModel {
 public:
  virtual ~WindowModel() = default;

  virtual std::uint32_t lookback() const = 0;
  virtual std::uint32_t features() const = 0;

  // Overlapping windows of neighbouring rows: window w is rows[w * features ...] to
  // rows[(w + lookback) * features), so `rows` holds windows + lookback - 1 of them. out[w] becomes the
  // probability, in 0..1.
  //
  // `worker` picks the scratch memory: calls with different workers may run at the same time. A window's value
  // depends neither on its neighbours nor on the worker.
  virtual void predict(const float* rows, std::size_t windows, float* out, unsigned worker) const = 0;

  // Windows that are best done in one call.
  virtual std::size_t batch() const = 0;
};

}  // namespace hftsim::inference
