#include "engine/execution/tick_venue.h"

#include <algorithm>
#include <cassert>

namespace hftsim {
namespace {

constexpr Timestamp kNeverArrives{std::numeric_limits<std::int64_t>::max()};

BarVenueConfig checked(BarVenueConfig config, FillOn fill_on) {
  check(config);
  if (fill_on != FillOn::trades) config.half_spread_bps = 0;  // quotes and books have a spread of their own
  return config;
}

std::vector<TickMarket> make_tick_markets(std::span<const Instrument> instruments, FillOn fill_on) {
  std::vector<TickMarket> markets;
  markets.reserve(instruments.size());
  for (const Instrument& instrument : instruments) markets.emplace_back(instrument, fill_on);
  return markets;
}

// A taker of that side trades at this price or better.
bool is_within_limit(const WorkingOrder& working, Price price) {
  if (working.acts_as() != OrderType::limit) return true;
  const Price limit = working.request().limit;
  return working.request().side == Side::buy ? price <= limit : price >= limit;
}

// Whoever sold into the bid took what stood there, and the other way around.
bool takes_from(const Event& trade, Side maker) {
  return trade.has(kBuyerIsMaker) == (maker == Side::buy);
}

}  // namespace

TickVenue::TickVenue(const BarVenueConfig& config, FillOn fill_on, LatencyModel latency,
                     std::span<const Instrument> instruments, VenueLedger& ledger)
    : Venue(latency, instruments.size()),
      config_(checked(config, fill_on)),
      fill_on_(fill_on),
      ledger_(ledger),
      markets_(make_bar_markets(instruments, bars_)),
      ticks_(make_tick_markets(instruments, fill_on)),
      filler_(config_, ledger_, reports_, markets_, ids_),
      entry_(filler_, reports_),
      next_arrival_(kNeverArrives) {
  meets_ticks_ = true;
}

void TickVenue::submit(const Order& order) {
  assert(order.request.instrument < markets_.size());
  markets_[order.request.instrument].inbox.send(order);
  note_next_arrival();
}

void TickVenue::cancel(OrderId order, Timestamp arrives_at) {
  OrderEntry::market_of(markets_, order).inbox.send_cancel(order, arrives_at);
  note_next_arrival();
}

void TickVenue::finish(Timestamp now) {
  for (BarMarket& market : markets_) entry_.end_all(market, now);
  note_next_arrival();
}

// What arrives by now acts at once.
void TickVenue::note_next_arrival() {
  next_arrival_ = next_to_arrive().inbox.next_arrival();
  acts_after_decisions_ = next_arrival_ <= now_;
}

BarMarket& TickVenue::next_to_arrive() {
  return *std::min_element(markets_.begin(), markets_.end(), [](const BarMarket& a, const BarMarket& b) {
    return a.inbox.next_arrival() < b.inbox.next_arrival();
  });
}

void TickVenue::act_after_decisions(const Event& event) {
  now_ = std::max(now_, event.ts());
  arrive_until(now_);
}

// A fill may have withdrawn what was to arrive next.
void TickVenue::arrive_until(Timestamp ts) {
  while (next_arrival_ <= ts) {
    BarMarket& market = next_to_arrive();
    const Timestamp at = market.inbox.next_arrival();
    if (at <= ts) arrive(market, at);
    note_next_arrival();
  }
}

void TickVenue::arrive(BarMarket& market, Timestamp at) {
  entry_.expire_before(market, at);
  const std::optional<WorkingOrder*> arrived = entry_.arrive_one(market, at);
  if (*arrived != nullptr) {
    meet_offers(market, static_cast<std::size_t>(*arrived - &market.orders[0]), at);
  }
  market.orders.remove_done();
}

void TickVenue::meet(const Event& event) {
  now_ = std::max(now_, event.ts());
  if (next_arrival_ <= now_) arrive_until(now_);
  BarMarket& market = markets_[event.instrument];
  if (event.kind == EventKind::bar) return on_bar(market, event);
  const bool changed = ticks_[event.instrument].follow(event);
  if (market.orders.empty()) return;
  entry_.expire_before(market, now_);
  if (changed) meet_what_stands(market);
  if (event.kind == EventKind::trade && !event.has(kOffBook)) on_trade(market, event);
  market.orders.remove_done();
}

// Bars are for the impact model.
void TickVenue::on_bar(BarMarket& market, const Event& bar) {
  market.last.note(bar);
  if (config_.impact > 0) market.volatility.push(market.last.close);
}

// What fills open at the end of the list meets the next event.
void TickVenue::meet_what_stands(BarMarket& market) {
  for (std::size_t i = 0, count = market.orders.size(); i < count; ++i) meet_offers(market, i, now_);
}

void TickVenue::on_trade(BarMarket& market, const Event& trade) {
  const Price price(market.instrument.price_step.value(trade.trade.price_ticks));
  market.volume_left = share_of(Quantity(market.instrument.quantity_step.value(trade.trade.quantity_lots)));
  const std::size_t count = market.orders.size();
  for (std::size_t i = 0; i < count; ++i) meet_trade(market, i, trade, price);
  for (std::size_t i = 0; i < count; ++i) trigger_by(market, i, trade, price);
}

void TickVenue::meet_trade(BarMarket& market, std::size_t index, const Event& trade, Price price) {
  WorkingOrder& working = market.orders[index];
  if (working.done || working.waits_for_trigger() || working.order.arrives_at > trade.ts()) return;
  if (working.resting) {
    const Level level = working.level(config_.limit_fill);
    const bool at_limit = price == level.price;
    if (!level.is_met_by(price) || (at_limit && !takes_from(trade, working.request().side))) return;
    fill(market, index, {level.price, now_, BarPhase::inside}, Liquidity::maker);
  } else if (fill_on_ == FillOn::trades) {
    working.resting = working.acts_as() == OrderType::limit;
    if (!is_within_limit(working, price)) {
      if (working.immediate()) filler_.end_unfilled(working, now_);
    } else if (working.request().post_only) {
      filler_.end(working, ReportKind::rejected, Reason::post_only_would_take, now_);
    } else {
      fill(market, index, {price, now_, BarPhase::inside}, Liquidity::taker);
    }
  }
}

// Where takers are filled on trades, the next one is the first that it can have.
void TickVenue::trigger_by(BarMarket& market, std::size_t index, const Event& trade, Price price) {
  WorkingOrder& working = market.orders[index];
  if (working.done || !working.waits_for_trigger() || working.order.arrives_at > trade.ts()) return;
  const bool is_reached = working.level(config_.limit_fill).is_met_by(price);
  working.best_seen = better_for_trail(working.request().side, working.best_seen, price);
  if (!is_reached) return;
  working.triggered = true;
  reports_.triggered(working.order, now_, price);
  meet_offers(market, index, now_);
}

void TickVenue::meet_offers(BarMarket& market, std::size_t index, Timestamp ts) {
  WorkingOrder& working = market.orders[index];
  TickMarket& ticks = ticks_[market.id];
  if (working.done || working.waits_for_trigger() || !ticks.is_known()) return;
  const bool makes = working.resting;
  working.resting = working.acts_as() == OrderType::limit;
  const std::span<const BookLevel> offers = ticks.offers_for(working.request().side).levels;
  if (offers.empty() || !is_within_limit(working, ticks.price_of(offers.front()))) {
    if (working.immediate()) filler_.end_unfilled(working, ts);
  } else if (makes) {
    make(market, index, ts);
  } else if (working.request().post_only) {
    filler_.end(working, ReportKind::rejected, Reason::post_only_would_take, ts);
  } else {
    take(market, index, ts);
  }
}

// Level by level, behind what others have taken.
void TickVenue::take(BarMarket& market, std::size_t index, Timestamp ts) {
  if (lacks_whole(market, market.orders[index])) return filler_.end_unfilled(market.orders[index], ts);
  const TickMarket& ticks = ticks_[market.id];
  Offers& offers = ticks_[market.id].offers_for(market.orders[index].request().side);
  Quantity gone = offers.taken;
  for (const BookLevel& level : offers.levels) {
    const Price price = ticks.price_of(level);
    if (market.orders[index].done || !is_within_limit(market.orders[index], price)) break;
    const Quantity there = share_of(ticks.quantity_of(level));
    const Quantity taken = std::min(gone, there);
    gone -= taken;
    market.volume_left = there - taken;
    offers.taken += fill(market, index, {price, ts, BarPhase::inside, true}, Liquidity::taker);
  }
  WorkingOrder& working = market.orders[index];
  if (!working.done && working.immediate()) filler_.end_unfilled(working, ts);
}

// The other side has come to the limit: it gets what stands there.
void TickVenue::make(BarMarket& market, std::size_t index, Timestamp ts) {
  Offers& offers = ticks_[market.id].offers_for(market.orders[index].request().side);
  market.volume_left = offered_to(market, market.orders[index]);
  const Price limit = market.orders[index].request().limit;
  offers.taken += fill(market, index, {limit, ts, BarPhase::inside}, Liquidity::maker);
}

// What stands within its limit and is not taken.
Quantity TickVenue::offered_to(const BarMarket& market, const WorkingOrder& working) {
  TickMarket& ticks = ticks_[market.id];
  const Offers& offers = ticks.offers_for(working.request().side);
  Quantity sum{0};
  for (const BookLevel& level : offers.levels) {
    if (!is_within_limit(working, ticks.price_of(level))) break;
    sum += share_of(ticks.quantity_of(level));
  }
  return std::max(Quantity(0), sum - offers.taken);
}

// A FOK order that cannot be filled whole. What the ledger refuses is refused at the fill.
bool TickVenue::lacks_whole(const BarMarket& market, const WorkingOrder& working) {
  if (working.request().time_in_force != TimeInForce::fok) return false;
  TickMarket& ticks = ticks_[market.id];
  const BookLevel& best = ticks.offers_for(working.request().side).levels.front();
  Reason refused = Reason::none;
  Quantity whole = ledger_.quantity_at(working.order, ticks.price_of(best), refused);
  if (only_reduces(working.request())) {
    whole = std::min(whole, reducible(ledger_.position(market.id), working.request().side));
  }
  return refused == Reason::none && offered_to(market, working) < whole;
}

// Returns what was filled of it.
Quantity TickVenue::fill(BarMarket& market, std::size_t index, const MarketPoint& at, Liquidity liquidity) {
  const Quantity before = market.orders[index].filled;
  filler_.fill(market, index, at, liquidity);
  return market.orders[index].filled - before;
}

}  // namespace hftsim
