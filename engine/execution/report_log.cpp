#include "engine/execution/report_log.h"

#include <cmath>

namespace hftsim {
namespace {

Price asked_price(const OrderRequest& request) {
  if (request.type == OrderType::limit) return request.limit;
  return std::isnan(request.stop.value) ? Price(0) : request.stop;
}

}  // namespace

ReportLog::ReportLog(LatencyModel latency) : latency_(latency) {
  reports_.reserve(kReserved);
}

// Filled in where it lies: a copy would have to wait for the small fields.
ExecutionReport& ReportLog::add(ReportKind kind, const Order& order, Timestamp ts) {
  ExecutionReport& report = reports_.emplace_back();
  report.order = order.id;
  report.parent = order.parent;
  report.ts = ts;
  report.known_at = known_at_once_ ? ts : latency_.known_at(ts);
  report.instrument = order.request.instrument;
  report.kind = kind;
  report.side = order.request.side;
  report.quantity = order.request.quantity;
  report.remaining = order.request.quantity;
  return report;
}

void ReportLog::accepted(const Order& order, Timestamp ts) {
  ExecutionReport& report = add(ReportKind::accepted, order, ts);
  report.price = asked_price(order.request);
}

void ReportLog::triggered(const Order& order, Timestamp ts, Price price) {
  ExecutionReport& report = add(ReportKind::triggered, order, ts);
  report.price = price;
}

const ExecutionReport& ReportLog::filled(const Order& order, Timestamp ts, const Fill& fill) {
  ExecutionReport& report = add(ReportKind::filled, order, ts);
  report.quantity = fill.quantity;
  report.remaining = fill.remaining;
  report.price = fill.price;
  report.fee = fill.fee;
  report.liquidity = fill.liquidity;
  report.order_done = fill.remaining.value == 0;
  return report;
}

void ReportLog::ended(ReportKind kind, const Order& order, Timestamp ts, Reason reason, Quantity remaining) {
  ExecutionReport& report = add(kind, order, ts);
  report.reason = reason;
  report.remaining = remaining;
  report.order_done = true;
}

void ReportLog::cancel_refused(OrderId id, InstrumentId instrument, Timestamp ts) {
  ExecutionReport& report = reports_.emplace_back();
  report.order = id;
  report.ts = ts;
  report.known_at = latency_.known_at(ts);
  report.instrument = instrument;
  report.kind = ReportKind::rejected;
  report.reason = Reason::unknown_order;
}

}  // namespace hftsim
