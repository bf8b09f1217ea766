// The door of a venue: how orders and cancels come in and how orders end without the market's doing. What fills them is
// the venue's own.
#pragma once

#include <optional>
#include <span>

#include "engine/execution/bar_market.h"
#include "engine/execution/order_filler.h"
#include "engine/execution/report_log.h"

namespace hftsim {

class OrderEntry {
 public:
  // Both outlive it.
  OrderEntry(OrderFiller& filler, ReportLog& reports) : filler_(filler), reports_(reports) {}

  // The market that an order works in or is on its way to; the first where it is done already or was never seen: the
  // refusal of its cancel comes there.
  static BarMarket& market_of(std::span<BarMarket> markets, OrderId order);

  // Takes in what has arrived by `ts`, each at its own time.
  void arrive_until(BarMarket& market, Timestamp ts);

  // Takes in the first message that has arrived by `ts`; none where nothing has. Null: a cancel, or an order that did
  // not get in.
  std::optional<WorkingOrder*> arrive_one(BarMarket& market, Timestamp ts);

  // Accepted at its arrival, with a report. Null where it did not get in. The reference holds until the list changes.
  WorkingOrder* admit(BarMarket& market, const Order& order);

  // Ends good-till-date orders whose time was before `ts`.
  void expire_before(BarMarket& market, Timestamp ts);

  // Cancels everything that works or is on its way, with Reason::end_of_data.
  void end_all(BarMarket& market, Timestamp now);

 private:
  void cancel_now(BarMarket& market, OrderId id, Timestamp ts);

  OrderFiller& filler_;
  ReportLog& reports_;
};

}  // namespace hftsim
