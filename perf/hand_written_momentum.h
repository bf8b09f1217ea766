// Momentum with its fills and its equity in one loop, as somebody would write it who needs nothing else: no
// orders, no journal, no other rule. Reference for the trading core's result, and contender for its time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/portfolio/position.h"

namespace hftsim::perf {

class HandWrittenMomentum {
 public:
  explicit HandWrittenMomentum(const Instrument& instrument) : instrument_(instrument) {}

  // The features of this bar; `warm`: it may be decided on.
  void on_bar(const BarBody& bar, double momentum, double volume_ratio, bool warm) {
    if (wanted_ != Wanted::nothing) fill(bar.open);
    equity_ = cash_ + held_ * bar.close;
    if (held_ > 0 && (entry_ - bar.close) / entry_ >= kStopLoss) {
      wanted_ = Wanted::flat;
    } else if (warm) {
      decide(bar.close, momentum / bar.close, volume_ratio);
    }
    curve_ += equity_;
  }

  double equity() const { return equity_; }
  double curve() const { return curve_; }  // sum of all marks
  std::uint64_t fills() const { return fills_; }

 private:
  enum class Wanted : std::uint8_t { nothing, target, flat };
  static constexpr double kStopLoss = 0.02, kThreshold = 0.0005, kVolume = 1.2;
  static constexpr double kWeight = 0.3 * 0.6;  // position size * confidence

  void decide(double close, double move, double volume_ratio) {
    if (volume_ratio < kVolume || !(std::fabs(move) > kThreshold)) return;
    if (move < 0 && held_ > 0) wanted_ = Wanted::flat;
    if (move > 0 && held_ * close < kWeight * equity_) wanted_ = Wanted::target;
  }

  void fill(double open) {
    const double target = wanted_ == Wanted::flat ? 0 : kWeight * (cash_ + held_ * open) / open;
    wanted_ = Wanted::nothing;
    const bool sells = target == 0;
    const double quantity = sells ? held_ : instrument_.round_to_lot(Quantity(target - held_)).value;
    if (quantity < kFlatQuantity.value) return;
    const double signed_quantity = sells ? -quantity : quantity;
    if (!sells) entry_ = (held_ * entry_ + quantity * open) / (held_ + quantity);
    cash_ -= signed_quantity * open;
    held_ = sells ? 0 : held_ + quantity;
    ++fills_;
  }

  Instrument instrument_;
  double cash_ = 100'000, held_ = 0, entry_ = 0, equity_ = 0, curve_ = 0;
  std::uint64_t fills_ = 0;
  Wanted wanted_ = Wanted::nothing;
};

}  // namespace hftsim::perf
