// The tick venue: orders meet what was traded, quoted and booked, one event after the other, as a live session gets them.
//
// Time
// - The venue's time is the latest exchange time of all events; it never goes back. An order or a cancel acts at
//   arrives_at, against what stands then: before the event that brings the time beyond it. What is decided without
//   latency acts at once.
// - A trade meets only orders that had arrived when it happened, also one that comes late.
//
// Takers (market orders; limit orders that are beyond the market as they first meet it)
// - FillOn::quotes: at the best bid or ask, no more than its size; the rest waits for the next quote.
// - FillOn::book: at the levels of the book from the best on, a fill each, up to the limit.
// - FillOn::trades: at the price of the next trades, no more than they traded.
// - They pay slippage and impact; the half spread only on trades, since quotes and books have their own.
// - What one order takes is gone for the others until the next quote, book message or trade of the instrument.
// - Where what stands is not known (not yet, or no longer: the connection was lost, or something of the stream is
//   missing) they wait until it is.
//
// Makers (limit orders that did not take)
// - At their limit, when a trade goes through it (LimitFill::touch: is at it, and its aggressor is of the other side), for
//   no more than it traded; or when the best price of the other side has come to the limit, for no more than stands there.
//
// Stops, trailing stops and take-profits are triggered by trades, and then take. post_only, IOC, FOK, GTD, reduce_only,
// OCO and brackets are the bar venue's. Of a FOK order all is there in what stands, or it ends.
//
// participation: the share of what stands or is traded that orders may have; 0: all of it.
//
// Optimistic: LimitFill::touch; what our orders take moves nobody's prices, and stands again with the next quote; makers
// share a trade by their own arrival alone, whoever queued before them.
// Not modelled: queue position, hidden orders, halts, auctions. Trades that are not of the book (kOffBook) fill nothing.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/execution/bar_market.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/execution/latency.h"
#include "engine/execution/order_entry.h"
#include "engine/execution/order_filler.h"
#include "engine/execution/tick_market.h"
#include "engine/execution/venue.h"

namespace hftsim {

class TickVenue final : public Venue {
 public:
  // Of the config, fill and intrabar are the bar venue's alone. `ledger` has to outlive the venue. Throws BadInput where
  // the config is out of range.
  TickVenue(const BarVenueConfig& config, FillOn fill_on, LatencyModel latency,
            std::span<const Instrument> instruments, VenueLedger& ledger);
  TickVenue(const TickVenue&) = delete;
  TickVenue& operator=(const TickVenue&) = delete;

  void submit(const Order& order) override;
  void cancel(OrderId order, Timestamp arrives_at) override;

  void finish(Timestamp now) override;
  OrderId next_order_id() override { return ids_.next(); }

 private:
  void meet(const Event& event) override;
  void act_after_decisions(const Event& event) override;

  void arrive_until(Timestamp ts);
  void arrive(BarMarket& market, Timestamp at);
  BarMarket& next_to_arrive();
  void note_next_arrival();

  void on_bar(BarMarket& market, const Event& bar);
  void on_trade(BarMarket& market, const Event& trade);
  void meet_trade(BarMarket& market, std::size_t index, const Event& trade, Price price);
  void trigger_by(BarMarket& market, std::size_t index, const Event& trade, Price price);

  void meet_what_stands(BarMarket& market);
  void meet_offers(BarMarket& market, std::size_t index, Timestamp ts);
  void take(BarMarket& market, std::size_t index, Timestamp ts);
  void make(BarMarket& market, std::size_t index, Timestamp ts);
  Quantity offered_to(const BarMarket& market, const WorkingOrder& working);
  bool lacks_whole(const BarMarket& market, const WorkingOrder& working);
  Quantity fill(BarMarket& market, std::size_t index, const MarketPoint& at, Liquidity liquidity);

  Quantity share_of(Quantity quantity) const {
    return config_.participation > 0 ? quantity * config_.participation : quantity;
  }

  BarVenueConfig config_;
  FillOn fill_on_;
  VenueLedger& ledger_;
  OrderIds ids_;
  std::vector<BarMarket> markets_;
  std::vector<TickMarket> ticks_;  // as many
  OrderFiller filler_;
  OrderEntry entry_;
  Timestamp now_ = NotedBar::kNever;
  Timestamp next_arrival_;  // of all that is on its way
};

}  // namespace hftsim
