#include "engine/execution/bar_venue.h"

#include <cassert>

namespace hftsim {
namespace {

const BarVenueConfig& checked(const BarVenueConfig& config) {
  check(config);
  return config;
}

}  // namespace

BarVenue::BarVenue(const BarVenueConfig& config, LatencyModel latency,
                   std::span<const Instrument> instruments, VenueLedger& ledger)
    : Venue(latency, instruments.size()),
      config_(checked(config)),
      ledger_(ledger),
      markets_(make_bar_markets(instruments, bars_)),
      filler_(config_, ledger_, reports_, markets_, ids_),
      entry_(filler_, reports_) {}

void BarVenue::submit(const Order& order) {
  assert(order.request.instrument < markets_.size());
  BarMarket& market = markets_[order.request.instrument];
  wake(market);
  const bool at_close = config_.fill == FillRule::close && order.request.type == OrderType::market;
  if (at_close) return submit_for_close(market, order);
  market.inbox.send(order);
}

void BarVenue::cancel(OrderId order, Timestamp arrives_at) {
  BarMarket& market = OrderEntry::market_of(markets_, order);
  wake(market);
  market.inbox.send_cancel(order, arrives_at);
}

// Something waits from now on: the last bar's volume, if only noted so far, is there for it.
void BarVenue::wake(BarMarket& market) {
  market.last.idle = false;
  if (!market.last.offered) market.offer_volume(config_.participation);
}

// The volatility of the impact model follows every bar.
void BarVenue::rest_if_quiet(BarMarket& market) {
  market.last.idle = market.quiet() && config_.impact == 0;
}

void BarVenue::meet(const Event& event) {
  if (event.kind != EventKind::bar) return;
  BarMarket& market = markets_[event.instrument];
  market.last.volume = Quantity(event.bar.volume);
  market.offer_volume(config_.participation);
  if (!market.quiet()) meet_orders(market, event);
  market.last.note(event);
  market.last.offered = true;
  if (config_.impact > 0) market.volatility.push(market.last.close);
  rest_if_quiet(market);
}

void BarVenue::meet_orders(BarMarket& market, const Event& event) {
  const Timestamp open_ts = market.open_ts(event);
  entry_.arrive_until(market, open_ts);
  entry_.expire_before(market, open_ts);
  meet_open(market, Price(event.bar.open), open_ts);
  market.orders.remove_done();
  if (market.quiet()) return;

  entry_.arrive_until(market, event.ts());
  entry_.expire_before(market, event.ts());
  if (config_.intrabar == IntrabarRule::path) {
    walk_path(market, event.bar, event.ts());
  } else {
    meet_range(market, event.bar, event.ts());
  }
  market.orders.remove_done();
}

void BarVenue::submit_for_close(BarMarket& market, const Order& order) {
  Order at_venue = order;
  at_venue.arrives_at = order.decided_at;
  reports_.known_at_once(true);
  WorkingOrder* const working = entry_.admit(market, at_venue);
  reports_.known_at_once(false);
  if (working == nullptr) return;
  working->fills_at_close = true;
  acts_after_decisions_ = true;
}

void BarVenue::act_after_decisions(const Event&) {
  acts_after_decisions_ = false;
  reports_.known_at_once(true);
  for (BarMarket& market : markets_) acts_after_decisions_ |= fill_at_close(market);
  reports_.known_at_once(false);
}

// True where an order waits for a later close: it was decided on an event after this market's last bar.
bool BarVenue::fill_at_close(BarMarket& market) {
  bool waits = false;
  for (std::size_t i = 0; i < market.orders.size(); ++i) {
    WorkingOrder& working = market.orders[i];
    if (working.done || !working.fills_at_close) continue;
    if (market.last.ts < working.order.decided_at) {
      waits = true;
      continue;
    }
    working.fills_at_close = false;
    filler_.fill(market, i, {market.last.close, market.last.ts, BarPhase::close}, Liquidity::taker);
  }
  market.orders.remove_done();
  rest_if_quiet(market);
  return waits;
}

void BarVenue::finish(Timestamp now) {
  for (BarMarket& market : markets_) {
    entry_.end_all(market, now);
    rest_if_quiet(market);
  }
  acts_after_decisions_ = false;
}

// Brackets that fills open here are met in the same round: they stand at the end of the list.
void BarVenue::meet_open(BarMarket& market, Price open, Timestamp ts) {
  for (std::size_t i = 0; i < market.orders.size(); ++i) {
    WorkingOrder& working = market.orders[i];
    working.acts_in_bar = !working.done && !working.fills_at_close && working.order.arrives_at <= ts;
    if (!working.acts_in_bar) continue;
    working.sees_from = open;
    working.best_seen = better_for_trail(working.request().side, working.best_seen, open);
    if (acts_at(working, open)) act(market, i, {open, ts, BarPhase::open});
  }
}

// A limit order that has just arrived acts in any case: it takes, or rests from now on.
bool BarVenue::acts_at(const WorkingOrder& working, Price open) const {
  const OrderType type = working.acts_as();
  if (type == OrderType::market) return true;
  if (type == OrderType::limit && !working.resting) return true;
  return working.level(config_.limit_fill).is_met_by(open);
}

void BarVenue::act(BarMarket& market, std::size_t index, const MarketPoint& at) {
  WorkingOrder& working = market.orders[index];
  if (working.waits_for_trigger()) {
    working.triggered = true;
    reports_.triggered(working.order, at.ts, at.price);
  }
  if (working.acts_as() == OrderType::market) {
    filler_.fill(market, index, at, Liquidity::taker);
  } else if (working.resting) {
    filler_.fill(market, index, at, Liquidity::maker);
  } else {
    enter_as_limit(market, index, at);
  }
}

void BarVenue::enter_as_limit(BarMarket& market, std::size_t index, const MarketPoint& at) {
  WorkingOrder& working = market.orders[index];
  working.resting = true;
  if (!working.level(config_.limit_fill).is_met_by(at.price)) {
    if (working.immediate()) filler_.end_unfilled(working, at.ts);
  } else if (working.request().post_only) {
    filler_.end(working, ReportKind::rejected, Reason::post_only_would_take, at.ts);
  } else {
    filler_.fill(market, index, at, Liquidity::taker);
  }
}

}  // namespace hftsim
