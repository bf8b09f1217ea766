// A venue takes orders, sees market events and emits reports. It is the exchange's side of the simulation:
// latency lies between it and the trading core in both directions.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/execution/execution_report.h"
#include "engine/execution/latency.h"
#include "engine/execution/order.h"
#include "engine/execution/report_log.h"

namespace hftsim {

// What the exchange knows of the account: it says how much an order may be and whether it is paid for, and
// is told of every fill the moment it happens (the strategy learns of it a response latency later).
class VenueLedger {
 public:
  virtual ~VenueLedger() = default;

  // The order's quantity at this price by its QuantityRule, rounded to the lot; 0 with `reason` set where
  // nothing is to be done.
  virtual Quantity quantity_at(const Order& order, Price price, Reason& reason) const = 0;

  // Reason::none where cash covers the fill.
  virtual Reason check_funds(const Order& order, Quantity quantity, Price price, Money fee) const = 0;

  // Signed quantity held.
  virtual Quantity position(InstrumentId instrument) const = 0;

  virtual void on_fill(const ExecutionReport& fill) = 0;
};

// The last bar of an instrument, and whether a venue needs to do more with the next one than to note it.
struct NotedBar {
  static constexpr Timestamp kNever{std::numeric_limits<std::int64_t>::min()};

  bool idle = false;
  bool offered = true;  // its volume is there for orders already, or there was no bar yet
  Timestamp ts = kNever;
  Price close;
  Quantity volume{0};

  void note(const Event& bar) {
    ts = bar.ts();
    close = Price(bar.bar.close);
    volume = Quantity(bar.bar.volume);
    offered = false;
  }
};

// What most bars ask of a venue, whether there is anything to do, is answered without a virtual call.
class Venue {
 public:
  Venue(LatencyModel latency, std::size_t instrument_count) : reports_(latency), bars_(instrument_count) {}
  virtual ~Venue() = default;

  // The order is on its way; it acts from `order.arrives_at` on.
  virtual void submit(const Order& order) = 0;

  // Cancels at `arrives_at`; a report says whether there was something to cancel.
  virtual void cancel(OrderId order, Timestamp arrives_at) = 0;

  // False: bars alone are of use to it.
  bool meets_ticks() const { return meets_ticks_; }

  // Before the strategy sees the event: what works at the venue meets it.
  void on_event(const Event& event) {
    NotedBar& bar = bars_[event.instrument];
    if (!bar.idle || event.kind != EventKind::bar) return meet(event);
    bar.note(event);
  }

  // After the strategy has decided on the event: `fill = "close"` fills here.
  void after_decisions(const Event& event) {
    if (acts_after_decisions_) act_after_decisions(event);
  }

  // Cancels everything that works, with Reason::end_of_data.
  virtual void finish(Timestamp now) = 0;

  // Reports since they were last taken, in the order they happened.
  std::span<const ExecutionReport> reports() const { return reports_.reports(); }
  // The same into `empty`, without a copy; what happens from now on is reported anew.
  void take_reports(std::vector<ExecutionReport>& empty) { reports_.swap(empty); }

  // Next order id; children of brackets take ids here too.
  virtual OrderId next_order_id() = 0;

 protected:
  virtual void meet(const Event& event) = 0;
  virtual void act_after_decisions(const Event& event) = 0;

  ReportLog reports_;
  std::vector<NotedBar> bars_;  // per instrument; never moves
  bool acts_after_decisions_ = false;
  bool meets_ticks_ = false;
};

}  // namespace hftsim
