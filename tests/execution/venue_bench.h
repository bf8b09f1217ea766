// A bar venue on a bench: one-minute bars in a row from t = 0, orders in between, every report kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/execution/bar_venue.h"
#include "engine/execution/order_names.h"
#include "tests/execution/fake_ledger.h"

namespace hftsim::test {

inline std::vector<Instrument> instruments_on_bench(std::size_t count = 1, Duration interval = kMinute) {
  std::vector<Instrument> instruments(count);
  for (std::size_t i = 0; i < count; ++i) {
    instruments[i].symbol = "S" + std::to_string(i);
    instruments[i].bar_interval = interval;
  }
  return instruments;
}

// Every report of a venue, to be asked for.
class ReportShelf {
 public:
  std::vector<ExecutionReport> of(OrderId id) const {
    return matching([id](const ExecutionReport& r) { return r.order == id; });
  }
  std::vector<ExecutionReport> fills() const {
    return matching([](const ExecutionReport& r) { return r.kind == ReportKind::filled; });
  }
  std::vector<ExecutionReport> fills_of(OrderId id) const {
    return matching([id](const ExecutionReport& r) { return r.order == id && r.kind == ReportKind::filled; });
  }
  std::vector<ExecutionReport> children_of(OrderId parent) const {
    return matching(
        [parent](const ExecutionReport& r) { return r.parent == parent && r.kind == ReportKind::accepted; });
  }

  // "accepted filled cancelled:ioc_remainder"
  std::string story(OrderId id) const {
    std::string text;
    for (const ExecutionReport& r : of(id)) {
      text += (text.empty() ? "" : " ") + std::string(name_of(r.kind));
      if (r.reason != Reason::none) text += ":" + std::string(name_of(r.reason));
    }
    return text;
  }

  std::vector<ExecutionReport> log;

 protected:
  void collect(Venue& venue) {
    std::vector<ExecutionReport> reports;
    venue.take_reports(reports);
    log.insert(log.end(), reports.begin(), reports.end());
  }

 private:
  template <class Pick>
  std::vector<ExecutionReport> matching(Pick pick) const {
    std::vector<ExecutionReport> picked;
    for (const ExecutionReport& r : log) {
      if (pick(r)) picked.push_back(r);
    }
    return picked;
  }
};

class VenueBench : public ReportShelf {
 public:
  explicit VenueBench(BarVenueConfig config = {}, LatencyModel latency = {},
                      std::vector<Instrument> instruments = instruments_on_bench())
      : venue(config, latency, instruments, ledger), latency_(latency) {}

  // Sends as if decided on the last bar.
  OrderId send(OrderRequest request) {
    Order order;
    order.id = venue.next_order_id();
    order.request = request;
    order.decided_at = now_;
    order.arrives_at = latency_.arrival(now_);
    venue.submit(order);
    return order.id;
  }
  void cancel(OrderId id) { venue.cancel(id, latency_.arrival(now_)); }

  // The next minute of one instrument, or of several in turn: the first one moves the clock.
  void bar(double open, double high, double low, double close, double volume = 1000,
           const std::function<void()>& decide = {}) {
    now_ = now_ + kMinute;
    same_minute(0, {open, high, low, close, volume}, decide);
  }
  void flat_bar(double price, double volume = 1000) { bar(price, price, price, price, volume); }
  void same_minute(InstrumentId instrument, const BarBody& body, const std::function<void()>& decide = {}) {
    const Event event = make_bar(now_, instrument, body, 1);
    venue.on_event(event);
    ledger.mark(instrument, Price(body.close));
    if (decide) decide();
    venue.after_decisions(event);
    collect(venue);
  }
  void finish() {
    venue.finish(now_);
    collect(venue);
  }

  Timestamp now() const { return now_; }

  FakeLedger ledger;
  BarVenue venue;

 private:
  LatencyModel latency_;
  Timestamp now_{0};
};

inline OrderRequest request_of(OrderType type, Side side, double quantity) {
  OrderRequest request;
  request.type = type;
  request.side = side;
  request.quantity = Quantity(quantity);
  return request;
}
inline OrderRequest market(Side side, double quantity) {
  return request_of(OrderType::market, side, quantity);
}
inline OrderRequest limit(Side side, double quantity, double price) {
  OrderRequest request = request_of(OrderType::limit, side, quantity);
  request.limit = Price(price);
  return request;
}
inline OrderRequest stop(Side side, double quantity, double price) {
  OrderRequest request = request_of(OrderType::stop, side, quantity);
  request.stop = Price(price);
  return request;
}
inline OrderRequest stop_limit(Side side, double quantity, double stop_price, double limit_price) {
  OrderRequest request = request_of(OrderType::stop_limit, side, quantity);
  request.stop = Price(stop_price);
  request.limit = Price(limit_price);
  return request;
}
inline OrderRequest take_profit(Side side, double quantity, double price) {
  OrderRequest request = request_of(OrderType::take_profit, side, quantity);
  request.stop = Price(price);
  return request;
}
inline OrderRequest trailing_stop(Side side, double quantity, double trail) {
  OrderRequest request = request_of(OrderType::trailing_stop, side, quantity);
  request.trail = PriceOffset(trail);
  return request;
}
inline OrderRequest with_bracket(OrderRequest request, double stop_price, double target) {
  request.bracket_stop = Price(stop_price);
  request.bracket_take_profit = Price(target);
  return request;
}
inline OrderRequest with(OrderRequest request, TimeInForce time_in_force) {
  request.time_in_force = time_in_force;
  return request;
}

}  // namespace hftsim::test
