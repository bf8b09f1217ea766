// An equity series with the capital it began from in front of its first mark: what the first bar cost or brought
// is then a return like any other.
#pragma once

#include "engine/core/units.h"
#include "engine/portfolio/equity_series.h"

namespace hftsim {

class StartedSeries final : public EquitySeries {
 public:
  // `series` has to outlive this.
  StartedSeries(EquitySeries& series, Money capital)
      : series_(series), start_{0, capital.value, capital.value, 0} {}

  std::uint64_t size() const override { return series_.size() == 0 ? 0 : series_.size() + 1; }
  void rewind() override {
    series_.rewind();
    at_start_ = size() > 0;
  }
  std::span<const EquityMark> next() override {
    if (!at_start_) return series_.next();
    at_start_ = false;
    return {&start_, 1};
  }

 private:
  EquitySeries& series_;
  EquityMark start_;
  bool at_start_ = false;
};

}  // namespace hftsim
