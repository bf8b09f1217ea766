// The bar venue: orders meet bars. A bar says where the price was between two instants, not when; what is
// assumed about the rest is written here.
//
// Time
// - A bar is on [open time, ts]. Open time: ts - the instrument's bar interval, or, with interval 0, the
//   ts of the bar before (nothing acts on the very first one).
// - An order acts on a bar when arrives_at <= its open time; before that it is only accepted, at
//   arrives_at. Orders act in the order of (arrives_at, id).
// - What fills at the open has the open time as its ts, everything later in the bar the bar's ts. A cancel
//   and a GTD order's expiry act at their own time between the two: fills at an open before it stand,
//   later ones do not happen. An order still works at the instant of its `expire`.
//
// Orders
// - market: FillRule::next_open: at the open of the first bar that begins at or after the arrival.
//   FillRule::close: at the close of the bar that decided it, reported at once, without latency:
//   optimistic. One that is decided on another instrument's bar, while its own of that instant is still to
//   come, fills at the close of its own.
// - limit: at its limit when a bar trades through it (LimitFill::touch: at it), at the open when that gaps
//   beyond it. It takes liquidity, with taker fee and price adjustment but never beyond the limit, where
//   its first open is already beyond the limit; afterwards it makes, with maker fee and no adjustment.
//   post_only: rejected where it would take.
// - stop, trailing_stop: market once the price reaches the stop: at the worse of stop and open.
//   trailing_stop: the stop follows the best price seen since the order's first open at distance `trail`.
// - take_profit: market once touched: at its price, or at the open where that is better.
// - stop_limit: once triggered a limit order that takes where the trigger's price is already beyond the
//   limit.
// - IOC: what fills when the order first can act (a limit order at its first open, a stop when triggered);
//   the rest is cancelled. FOK: all of it there or nothing. Other rests, market orders' too, go on at the
//   next bar's open.
// - reduce_only is looked at when the order would fill, not on arrival, so that a stop may be sent with
//   the entry it protects. Nothing to reduce by then: rejected.
// - OCO: the first fill, also a partial one, cancels the rest of the group, also what is still on its way.
// - Brackets: every fill of the entry opens its own pair of a stop and a take-profit, reduce-only, with
//   the entry as parent. When the position is closed by something else they are cancelled
//   (position_closed).
//
// Inside a bar, after the open
// - IntrabarRule::pessimistic: all stops that the bar's range reaches, then limits and take-profits, each
//   in the order of arrival; a stop that an entry opens inside the bar may trigger in that bar, its
//   take-profit not. A trailing stop's level stands still within the bar (the adverse extreme is taken to
//   come first) and moves at its end; a stop-limit triggered inside the bar fills at once or from the next
//   bar on.
// - IntrabarRule::path: open, the extreme nearest to it, the other one, close; everything acts as the
//   price comes by.
//
// Participation: at most this share of the bar's volume for all orders of the instrument together, first come
// first served. Cap and impact know the whole bar's volume already at its open.
//
// Optimistic: FillRule::close; LimitFill::touch; limit orders fill whole once their price is passed, whatever
// queued before them, unless the participation cap says less; stops fill at their price however fast the bar
// moved; no adjustment for makers.
// Not modelled: queue position, the spread's own movement, halts, price grids (adjusted prices are not
// rounded to the tick), margin calls.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/execution/bar_market.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/execution/latency.h"
#include "engine/execution/order_entry.h"
#include "engine/execution/order_filler.h"
#include "engine/execution/venue.h"

namespace hftsim {

class BarVenue final : public Venue {
 public:
  // `ledger` has to outlive the venue. Throws BadInput where the config is out of range.
  BarVenue(const BarVenueConfig& config, LatencyModel latency, std::span<const Instrument> instruments,
           VenueLedger& ledger);
  BarVenue(const BarVenue&) = delete;
  BarVenue& operator=(const BarVenue&) = delete;

  void submit(const Order& order) override;
  void cancel(OrderId order, Timestamp arrives_at) override;

  void finish(Timestamp now) override;
  OrderId next_order_id() override { return ids_.next(); }

 private:
  struct Touch {
    std::size_t index;
    Price price;
  };

  // Bars only; everything else passes by.
  void meet(const Event& event) override;
  void wake(BarMarket& market);
  void rest_if_quiet(BarMarket& market);

  void submit_for_close(BarMarket& market, const Order& order);
  void act_after_decisions(const Event& event) override;
  bool fill_at_close(BarMarket& market);

  void meet_orders(BarMarket& market, const Event& event);

  void meet_open(BarMarket& market, Price open, Timestamp ts);
  bool acts_at(const WorkingOrder& working, Price open) const;

  void meet_range(BarMarket& market, const BarBody& bar, Timestamp ts);
  std::optional<Touch> worst_touch(BarMarket& market, const BarBody& bar);
  void walk_path(BarMarket& market, const BarBody& bar, Timestamp ts);
  std::optional<Touch> nearest_touch(BarMarket& market, Price from, Price to);
  std::optional<Price> touch_inside(const WorkingOrder& working, Price from, Price to) const;
  void act_inside(BarMarket& market, const Touch& touch, Timestamp ts);

  void act(BarMarket& market, std::size_t index, const MarketPoint& at);
  void enter_as_limit(BarMarket& market, std::size_t index, const MarketPoint& at);

  BarVenueConfig config_;
  VenueLedger& ledger_;
  OrderIds ids_;
  std::vector<BarMarket> markets_;
  OrderFiller filler_;
  OrderEntry entry_;
};

}  // namespace hftsim
