#include "engine/portfolio/value_at_risk.h"

#include <algorithm>

#include "engine/portfolio/quantile.h"

namespace hftsim {

void RollingValueAtRisk::add(double fraction) {
  const auto begin = sorted_.begin();
  auto end = begin + static_cast<std::ptrdiff_t>(count_);
  if (count_ == kWindow) {
    const auto oldest = std::lower_bound(begin, end, ring_[next_]);
    std::move(oldest + 1, end, oldest);
    --end;
  } else {
    ++count_;
  }
  const auto place = std::upper_bound(begin, end, fraction);
  std::move_backward(place, end, end + 1);
  *place = fraction;
  ring_[next_] = fraction;
  next_ = (next_ + 1) % kWindow;
}

std::optional<double> RollingValueAtRisk::value() const {
  if (count_ < kWindow) return std::nullopt;
  const QuantilePlace place = quantile_place(kWindow, kTail);
  return -place.between(sorted_[place.lower], sorted_[place.upper]);
}

}  // namespace hftsim
