// A tick venue on a bench: quotes, trades and book messages one by one, orders in between, every report kept.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "engine/execution/tick_venue.h"
#include "tests/execution/venue_bench.h"

namespace hftsim::test {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// Prices in steps of 0.01, quantities in steps of 0.001; the clock is in seconds. Every call is one event.
class TickBench : public ReportShelf {
 public:
  explicit TickBench(FillOn fill_on = FillOn::quotes, BarVenueConfig config = {}, LatencyModel latency = {})
      : venue(config, fill_on, latency, instruments_, ledger), latency_(latency) {}

  void at(double seconds) { now_ = Timestamp(static_cast<std::int64_t>(seconds * kSecondNs)); }

  void quote(double bid, double bid_size, double ask, double ask_size, InstrumentId instrument = 0) {
    Event event = make(EventKind::quote, instrument);
    event.quote = {ticks(bid), lots(bid_size), ticks(ask), lots(ask_size), ++seq_};
    see(event);
  }
  // The aggressor is of that side.
  void trade(double price, double size, Side aggressor = Side::sell, std::uint8_t flags = 0) {
    Event event = make(EventKind::trade, 0);
    event.flags = static_cast<std::uint8_t>(flags | (aggressor == Side::sell ? kBuyerIsMaker : 0));
    event.trade = {ticks(price), lots(size), ++seq_, seq_, seq_};
    see(event);
  }
  struct Level {
    Side side;
    double price, size;
  };
  void book(const std::vector<Level>& levels, bool is_snapshot = false) {
    ++seq_;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      Event event = make(EventKind::book_change, 0);
      event.flags = static_cast<std::uint8_t>((levels[i].side == Side::buy ? kBidSide : 0) |
                                              (i + 1 == levels.size() ? kMessageEnd : 0) |
                                              (is_snapshot ? kSnapshot : 0));
      event.book = {ticks(levels[i].price), lots(levels[i].size), seq_, seq_, seq_ - 1};
      see(event);
    }
  }
  void mark(SessionMark what, EventKind stream = EventKind::quote) {
    Event event = make(EventKind::session_mark, 0);
    event.session = {what, static_cast<std::uint32_t>(stream), 0, 0, 0, 0};
    see(event);
  }
  // A bar on which `decide` decides.
  void bar(const std::function<void()>& decide) {
    Event event = make_bar(now_, 0, {100, 100, 100, 100, 1000}, 1);
    venue.on_event(event);
    decide();
    venue.after_decisions(event);
    collect(venue);
  }

  OrderId send(OrderRequest request) {
    const OrderId id = venue.next_order_id();
    venue.submit({id, 0, request, now_, latency_.arrival(now_)});
    return id;
  }
  OrderId decide(const OrderRequest& request) {
    OrderId id = 0;
    bar([&] { id = send(request); });
    return id;
  }
  void cancel(OrderId id) { venue.cancel(id, latency_.arrival(now_)); }
  void finish() {
    venue.finish(now_);
    collect(venue);
  }

  Timestamp now() const { return now_; }
  double filled(OrderId id) const {
    double sum = 0;
    for (const ExecutionReport& fill : fills_of(id)) sum += fill.quantity.value;
    return sum;
  }

 private:
  static std::vector<Instrument> instruments_of_ticks() {
    std::vector<Instrument> instruments = instruments_on_bench(2);
    for (Instrument& instrument : instruments) {
      instrument.price_step = {1, 2};
      instrument.quantity_step = {1, 3};
      instrument.lot_size = 0.001;
    }
    return instruments;
  }
  static std::int64_t ticks(double price) { return std::llround(price * 100); }
  static std::int64_t lots(double size) { return std::llround(size * 1000); }
  Event make(EventKind kind, InstrumentId instrument) const {
    Event event{};
    event.ts_ns = event.recv_ns = now_.value;
    event.kind = kind;
    event.instrument = instrument;
    return event;
  }
  void see(const Event& event) {
    venue.on_event(event);
    collect(venue);
  }

  std::vector<Instrument> instruments_ = instruments_of_ticks();

 public:
  FakeLedger ledger;
  TickVenue venue;

 private:
  LatencyModel latency_;
  Timestamp now_{0};
  std::uint64_t seq_ = 0;
};

}  // namespace hftsim::test
