// Divides a whole number exactly among a known number of parts, one after the other, in proportion to their weights: a
// bar's volume among its trades, its trades among orders, its time among the gaps between them.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>

namespace hftsim {

// What all parts up to one get together is the whole times their weights over the sum of all, rounded down, so that
// no part bears the rounding of others; the last takes the rest.
class ExactShares {
 public:
  static constexpr std::int64_t kNoMost = std::numeric_limits<std::int64_t>::max();

  ExactShares() = default;

  // Each part gets `least` and its share of what is beyond, and never more than `most`: what is cut off goes to the
  // parts behind. least * parts <= total <= most * parts. `weight_sum`: of all weights, added up in their order.
  ExactShares(std::int64_t total, std::int64_t parts, double weight_sum, std::int64_t least = 1,
              std::int64_t most = kNoMost)
      : left_(total),
        parts_(parts),
        least_(least),
        most_(most),
        spare_(total - least * parts),
        scale_(weight_sum > 0 ? static_cast<double>(spare_) / weight_sum : 0) {
    assert(parts >= 0 && least >= 0 && spare_ >= 0);
    assert(most == kNoMost || total <= most * parts);
  }

  std::int64_t parts_left() const { return parts_; }

  // Of the next part; weight >= 0.
  std::int64_t next(double weight) {
    assert(parts_ > 0);
    weight_ += weight;
    --parts_;
    const std::int64_t due = std::min(static_cast<std::int64_t>(weight_ * scale_), spare_) - given_;
    const std::int64_t needed = most_ == kNoMost ? least_ : std::max(left_ - most_ * parts_, least_);
    const std::int64_t share = parts_ == 0 ? left_ : std::clamp(least_ + due, needed, most_);
    given_ += share - least_;
    left_ -= share;
    return share;
  }

 private:
  std::int64_t left_ = 0;
  std::int64_t parts_ = 0;
  std::int64_t least_ = 0, most_ = kNoMost;
  std::int64_t spare_ = 0;  // beyond the least of all parts
  std::int64_t given_ = 0;  // of it
  double scale_ = 0;
  double weight_ = 0;  // of the parts so far
};

}  // namespace hftsim
