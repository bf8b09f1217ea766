// The rules by which a price reaches an order: pure functions of one order's level and a stretch of prices.
#pragma once

#include <array>
#include <cassert>
#include <cmath>
#include <optional>

#include "engine/core/event.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/execution/order.h"

namespace hftsim {

// Where an order acts: at `price`, reached from above (falling) or from below.
struct Level {
  Price price;
  bool falling = false;  // acts on prices at or below it; otherwise at or above
  bool strict = false;   // the price itself is not enough, it has to be passed

  bool is_met_by(Price p) const {
    const double beyond = falling ? price.value - p.value : p.value - price.value;
    return strict ? beyond > 0 : beyond >= 0;
  }
};

// A buy limit and a sell stop wait for a fall, a sell limit and a buy stop for a rise; a take-profit looks
// the limit's way.
inline bool waits_for_fall(OrderType type, Side side) {
  const bool limit_like = type == OrderType::limit || type == OrderType::take_profit;
  return limit_like == (side == Side::buy);
}

inline Level limit_level(Side side, Price limit, LimitFill rule) {
  return {limit, waits_for_fall(OrderType::limit, side), rule == LimitFill::through};
}

// Where the price first meets the level on its straight way from `from` to `to`: at `from` where that is
// already beyond it (an open that gaps: worse than a stop, better than a limit), else at the level itself.
inline std::optional<Price> first_touch(const Level& level, Price from, Price to) {
  if (level.is_met_by(from)) return from;
  if (level.is_met_by(to)) return level.price;
  return std::nullopt;
}

// Open, the extreme nearest to it (the high where both are as near), the other extreme, close.
inline std::array<Price, 4> bar_path(const BarBody& bar) {
  const bool high_first = bar.high - bar.open <= bar.open - bar.low;
  return {Price(bar.open), Price(high_first ? bar.high : bar.low), Price(high_first ? bar.low : bar.high),
          Price(bar.close)};
}

// The better of two prices for a trailing stop of that side: a sell stop follows the highest, a buy stop the
// lowest. NaN gives way.
inline Price better_for_trail(Side side, Price a, Price b) {
  if (std::isnan(a.value)) return b;
  const bool b_is_better = side == Side::sell ? b > a : b < a;
  return b_is_better ? b : a;
}

// How much of a signed position an order of that side can close.
inline Quantity reducible(Quantity position, Side side) {
  const Quantity against = position * -sign_of(side);
  return against.value > 0 ? against : Quantity(0);
}

}  // namespace hftsim
