// Writes a venue's reports: every kind filled in one way, known to the strategy the response latency later.
#pragma once

#include <span>
#include <vector>

#include "engine/execution/execution_report.h"
#include "engine/execution/latency.h"
#include "engine/execution/order.h"

namespace hftsim {

// One fill of one order.
struct Fill {
  Quantity quantity{0};
  Quantity remaining{0};
  Price price{0};
  Money fee{0};
  Liquidity liquidity = Liquidity::taker;
};

class ReportLog {
 public:
  explicit ReportLog(LatencyModel latency);

  // While set, reports are known when they happen.
  void known_at_once(bool on) { known_at_once_ = on; }

  // `price` is the order's limit, or its stop; 0 where it has neither yet.
  void accepted(const Order& order, Timestamp ts);
  void triggered(const Order& order, Timestamp ts, Price price);
  const ExecutionReport& filled(const Order& order, Timestamp ts, const Fill& fill);

  // The order ends with `remaining` of it unfilled: cancelled, rejected or expired.
  void ended(ReportKind kind, const Order& order, Timestamp ts, Reason reason, Quantity remaining);

  // A cancel that found nothing: `rejected` with unknown_order. It is not the order's end (order_done is
  // false), which was reported before.
  void cancel_refused(OrderId id, InstrumentId instrument, Timestamp ts);

  std::span<const ExecutionReport> reports() const { return reports_; }

  // Hands all reports over and goes on in the memory of `empty`.
  void swap(std::vector<ExecutionReport>& empty) { reports_.swap(empty); }
  static constexpr std::size_t kReserved = 4096;

 private:
  ExecutionReport& add(ReportKind kind, const Order& order, Timestamp ts);

  LatencyModel latency_;
  bool known_at_once_ = false;
  std::vector<ExecutionReport> reports_;
};

}  // namespace hftsim
