// The venues' settings and their names in a config. Every optimistic choice is named here and off by default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/execution/fee_model.h"
#include "engine/execution/price_adjustment.h"

namespace hftsim {

// When market orders fill.
enum class FillRule : std::uint8_t {
  close,      // at the close of the bar that decided them. Optimistic: nobody trades at a price that is only
              // known once the bar is over, and no latency applies
  next_open,  // at the open of the first bar that begins at or after the order's arrival
};

// What a resting limit order needs.
enum class LimitFill : std::uint8_t {
  through,  // a price strictly beyond the limit: everything that waited at the limit has traded
  touch,    // a price at the limit. Optimistic: first in the queue
};

// What is assumed about the way of the price inside a bar.
enum class IntrabarRule : std::uint8_t {
  pessimistic,  // stops before targets; what an entry inside the bar opens can lose in that bar, not win
  path,         // open, the extreme nearest to it (the high where both are as near), the other one, close
};

// What a tick venue's takers take.
enum class FillOn : std::uint8_t {
  quotes,  // the best bid or ask, no more than its size
  book,    // the levels of the book, one after the other
  trades,  // the next trades, at their prices, no more than was traded
};

std::string_view name_of(FillRule rule);
std::string_view name_of(LimitFill rule);
std::string_view name_of(IntrabarRule rule);
std::string_view name_of(FillOn rule);

// The rule with that name. Throws BadInput with `place` and the names there are.
FillRule parse_fill_rule(std::string_view text, const std::string& place = "execution.fill");
LimitFill parse_limit_fill(std::string_view text, const std::string& place = "execution.limit_fill");
IntrabarRule parse_intrabar_rule(std::string_view text, const std::string& place = "execution.intrabar");
FillOn parse_fill_on(std::string_view text, const std::string& place = "execution.fill_on");

struct BarVenueConfig {
  FillRule fill = FillRule::next_open;
  LimitFill limit_fill = LimitFill::through;
  IntrabarRule intrabar = IntrabarRule::pessimistic;
  double slippage_bps = 0;
  double half_spread_bps = 0;
  double impact = 0;         // coefficient of the square-root law
  double participation = 0;  // at most this share of a bar's volume; 0: no cap
  FeeModel fees;

  PriceAdjustment adjustment() const { return {slippage_bps, half_spread_bps, impact}; }
};

// Throws BadInput where a number is not finite or out of its range.
void check(const BarVenueConfig& config);

}  // namespace hftsim
