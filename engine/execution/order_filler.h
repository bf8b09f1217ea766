// Fills a venue's orders at a price that the market has met, with all that follows from a fill: size,
// volume cap, costs, funds, siblings, brackets.
//
// One order, one quantity: rules that depend on the account are worked out at the first fill, at its price;
// what a volume cap leaves over keeps that quantity. An order that may only reduce shrinks with its position.
//
// Where nothing can be filled, the reason ends the order: rejected where it has no fill, else cancelled.
#pragma once

#include <cstddef>
#include <span>

#include "engine/execution/bar_market.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/execution/report_log.h"
#include "engine/execution/venue.h"

namespace hftsim {

enum class BarPhase : std::uint8_t { open, inside, close };

// Where and when an order meets the market.
struct MarketPoint {
  Price price;
  Timestamp ts;
  BarPhase phase;
  bool goes_on =
      false;  // more is to be had at this instant: what is left of an IOC or FOK order goes on, too
};

class OrderIds {
 public:
  OrderId next() { return ++last_; }

 private:
  OrderId last_ = 0;
};

class OrderFiller {
 public:
  // All of it has to outlive the filler; `markets` may not move.
  OrderFiller(const BarVenueConfig& config, VenueLedger& ledger, ReportLog& reports,
              std::span<BarMarket> markets, OrderIds& ids)
      : config_(config), ledger_(ledger), reports_(reports), markets_(markets), ids_(ids) {}

  // Fills what can be filled of the market's order number `index`. A taker pays the price adjustment, though
  // never beyond its limit; a maker does not. IOC and FOK orders are done afterwards. References to orders of
  // this market are no longer valid: brackets may have been added.
  void fill(BarMarket& market, std::size_t index, const MarketPoint& at, Liquidity liquidity);

  // Ends the order with a report.
  void end(WorkingOrder& working, ReportKind kind, Reason reason, Timestamp ts);

  // An IOC or FOK order that found nothing at its first chance.
  void end_unfilled(WorkingOrder& working, Timestamp ts);

 private:
  struct Terms {
    Price price{0};
    Quantity open{0};      // what is left of the order
    Quantity quantity{0};  // what the bar's volume allows of it
    Reason reason = Reason::none;
  };

  Terms terms_for(const BarMarket& market, const WorkingOrder& working, Price price,
                  Liquidity liquidity) const;
  Terms terms_at(const BarMarket& market, const WorkingOrder& working, Price price) const;
  Price taker_price(const WorkingOrder& working, Price market_price, double impact_share) const;

  void refuse(WorkingOrder& working, Reason reason, Timestamp ts);
  void settle(BarMarket& market, std::size_t index, const Terms& terms, Money fee, Liquidity liquidity,
              const MarketPoint& at);
  void cancel_siblings(const WorkingOrder& filled, Timestamp ts);
  void open_bracket(BarMarket& market, const Order& entry, Quantity filled, const MarketPoint& at);
  OrderId open_child(BarMarket& market, const OrderRequest& request, OrderId entry, OrderId pair,
                     const MarketPoint& at);
  void cancel_orphans(BarMarket& market, Timestamp ts);

  const BarVenueConfig& config_;
  VenueLedger& ledger_;
  ReportLog& reports_;
  std::span<BarMarket> markets_;
  OrderIds& ids_;
};

}  // namespace hftsim
