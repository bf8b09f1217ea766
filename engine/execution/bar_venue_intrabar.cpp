// The bar venue between a bar's open and its close: two orders in which the same touches are acted on.

#include <cmath>

#include "engine/execution/bar_venue.h"

namespace hftsim {

void BarVenue::meet_range(BarMarket& market, const BarBody& bar, Timestamp ts) {
  while (const auto touch = worst_touch(market, bar)) act_inside(market, *touch, ts);
  for (WorkingOrder& working : market.orders) {
    if (!working.acts_in_bar) continue;
    const Side side = working.request().side;
    working.best_seen =
        better_for_trail(side, working.best_seen, Price(side == Side::sell ? bar.high : bar.low));
  }
}

// Stops first, then the others; each in the order of arrival.
std::optional<BarVenue::Touch> BarVenue::worst_touch(BarMarket& market, const BarBody& bar) {
  for (const bool stops : {true, false}) {
    for (std::size_t i = 0; i < market.orders.size(); ++i) {
      const WorkingOrder& working = market.orders[i];
      if (working.is_stop() != stops) continue;
      const bool falling = waits_for_fall(working.acts_as(), working.request().side);
      const auto price = touch_inside(working, working.sees_from, Price(falling ? bar.low : bar.high));
      if (price) return Touch{i, *price};
    }
  }
  return std::nullopt;
}

void BarVenue::walk_path(BarMarket& market, const BarBody& bar, Timestamp ts) {
  const std::array<Price, 4> path = bar_path(bar);
  Price from = path[0];
  for (std::size_t leg = 1; leg < path.size(); ++leg) {
    while (const auto touch = nearest_touch(market, from, path[leg])) {
      act_inside(market, *touch, ts);
      from = touch->price;
    }
    from = path[leg];
    for (WorkingOrder& working : market.orders) {
      if (!working.acts_in_bar) continue;
      working.best_seen = better_for_trail(working.request().side, working.best_seen, from);
    }
  }
}

// The first on the way; at the same price in the order of arrival.
std::optional<BarVenue::Touch> BarVenue::nearest_touch(BarMarket& market, Price from, Price to) {
  std::optional<Touch> nearest;
  for (std::size_t i = 0; i < market.orders.size(); ++i) {
    const auto price = touch_inside(market.orders[i], from, to);
    if (!price) continue;
    const bool nearer =
        !nearest || std::fabs((*price - from).value) < std::fabs((nearest->price - from).value);
    if (nearer) nearest = Touch{i, *price};
  }
  return nearest;
}

std::optional<Price> BarVenue::touch_inside(const WorkingOrder& working, Price from, Price to) const {
  const bool idle = working.done || !working.acts_in_bar || working.acts_as() == OrderType::market;
  if (idle) return std::nullopt;
  return first_touch(working.level(config_.limit_fill), from, to);
}

// An order acts once inside a bar, but for a stop-limit on a path: its limit comes after its trigger.
void BarVenue::act_inside(BarMarket& market, const Touch& touch, Timestamp ts) {
  const bool triggers = market.orders[touch.index].waits_for_trigger();
  act(market, touch.index, {touch.price, ts, BarPhase::inside});
  market.orders[touch.index].acts_in_bar = triggers && config_.intrabar == IntrabarRule::path;
}

}  // namespace hftsim
