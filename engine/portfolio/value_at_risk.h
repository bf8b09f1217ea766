// Historical value at risk over the last 250 returns: the loss that 95% of them did not exceed. The returns
// are kept sorted, so that a bar costs one search and one move within a few cache lines.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace hftsim {

class RollingValueAtRisk {
 public:
  static constexpr std::size_t kWindow = 250;
  static constexpr double kTail = 0.05;

  // `fraction`: (equity - previous equity) / previous equity; not NaN.
  void add(double fraction);

  // A loss as a positive fraction, interpolated linearly between the two order statistics around
  // kTail * (kWindow - 1); none until the window is full.
  std::optional<double> value() const;

 private:
  std::array<double, kWindow> ring_{};
  std::array<double, kWindow> sorted_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace hftsim
