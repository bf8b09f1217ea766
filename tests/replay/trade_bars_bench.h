// Trades for the tests of bars, and bars by their definition: every trade put into its bar's list, every sum taken over
// the list.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "engine/core/rng.h"
#include "replay/key_order.h"
#include "replay/trade_bar_source.h"

namespace hftsim::test {

inline constexpr std::int64_t kMinuteNs = 60'000'000'000;
inline constexpr std::int64_t kNoonNs =
    1'723'118'400'000'000'000;  // 2024-08-08T12:00, on every grid up to hours

inline Instrument traded(const std::string& symbol = "S", DecimalStep price = {1, 2},
                         DecimalStep quantity = {1, 3}) {
  Instrument instrument;
  instrument.symbol = symbol;
  instrument.price_step = price;
  instrument.quantity_step = quantity;
  return instrument;
}

inline Event trade_at(std::int64_t ts_ns, std::int64_t price, std::int64_t lots, std::uint64_t id,
                      InstrumentId instrument = 0, std::uint8_t flags = 0) {
  Event event{};
  event.ts_ns = event.recv_ns = ts_ns;
  event.kind = EventKind::trade;
  event.instrument = instrument;
  event.flags = flags;
  event.trade = {price, lots, id, id, id};
  return event;
}

inline Event quote_at(std::int64_t ts_ns, InstrumentId instrument = 0) {
  Event event{};
  event.ts_ns = event.recv_ns = ts_ns;
  event.kind = EventKind::quote;
  event.instrument = instrument;
  return event;
}

inline Event mark_at(std::int64_t ts_ns, SessionMark mark, InstrumentId instrument = 0) {
  Event event{};
  event.ts_ns = event.recv_ns = ts_ns;
  event.kind = EventKind::session_mark;
  event.instrument = instrument;
  event.session.mark = mark;
  return event;
}

class TradeList final : public EventSource {
 public:
  TradeList(std::vector<Instrument> instruments, std::vector<Event> events)
      : instruments_(std::move(instruments)), events_(std::move(events)) {}
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override {
    const std::size_t count = std::min(out.size(), events_.size() - next_);
    std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    return count;
  }

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

// Trades and quotes, many at one time, some on boundaries of minutes, a few off the book, with quiet minutes between.
inline std::vector<Event> market(std::uint64_t seed, std::size_t count, InstrumentId instruments) {
  RandomStream random(seed, "market");
  std::vector<Event> events;
  std::int64_t ts_ns = kNoonNs + static_cast<std::int64_t>(random.below(2)) * 7'000'000'000;
  std::vector<std::uint64_t> ids(instruments, 100);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t step = random.below(10);
    if (step > 5) ts_ns += static_cast<std::int64_t>(random.below(5'000)) * 1'000'000;
    if (step == 9) ts_ns += kMinuteNs - ts_ns % kMinuteNs;
    if (random.below(50) == 0) ts_ns += 5 * kMinuteNs;
    const auto instrument = static_cast<InstrumentId>(random.below(instruments));
    if (random.below(4) == 0) {
      events.push_back(quote_at(ts_ns, instrument));
      continue;
    }
    std::uint8_t flags = random.below(2) == 0 ? std::uint8_t{kBuyerIsMaker} : std::uint8_t{0};
    if (random.below(20) == 0) flags = static_cast<std::uint8_t>(flags | kOffBook);
    events.push_back(trade_at(ts_ns, 6'000'000 + static_cast<std::int64_t>(random.below(2000)),
                              1 + static_cast<std::int64_t>(random.below(5'000)), ++ids[instrument],
                              instrument, flags));
  }
  sort_by_key(events);
  return events;
}

inline Event bar_of(const std::vector<Event>& trades, std::int64_t ts_ns, const Instrument& instrument) {
  const auto by_price = [](const Event& a, const Event& b) {
    return a.trade.price_ticks < b.trade.price_ticks;
  };
  const auto price = [&](const Event& trade) {
    return instrument.price_step.value(trade.trade.price_ticks);
  };
  std::int64_t lots = 0;
  for (const Event& trade : trades) lots += trade.trade.quantity_lots;
  const BarBody body{price(trades.front()), price(*std::ranges::max_element(trades, by_price)),
                     price(*std::ranges::min_element(trades, by_price)), price(trades.back()),
                     instrument.quantity_step.value(lots)};
  return make_bar(Timestamp(ts_ns), trades.front().instrument, body,
                  static_cast<std::uint32_t>(trades.size()));
}

// One instrument's trades in the book.
inline std::vector<Event> trades_of(const std::vector<Event>& events, InstrumentId instrument) {
  std::vector<Event> trades;
  for (const Event& event : events) {
    if (event.kind == EventKind::trade && event.instrument == instrument && !event.has(kOffBook)) {
      trades.push_back(event);
    }
  }
  return trades;
}

inline std::vector<Event> naive_time_bars(const std::vector<Event>& events, InstrumentId id,
                                          const Instrument& instrument, std::int64_t interval_ns) {
  std::map<std::int64_t, std::vector<Event>> by_opening;
  for (const Event& trade : trades_of(events, id))
    by_opening[trade.ts_ns / interval_ns * interval_ns].push_back(trade);
  std::vector<Event> bars;
  if (by_opening.empty()) return bars;
  double last_close = 0;
  for (std::int64_t open_ns = by_opening.begin()->first; open_ns + interval_ns <= events.back().ts_ns;
       open_ns += interval_ns) {
    const auto found = by_opening.find(open_ns);
    const std::int64_t close_ns = open_ns + interval_ns;
    if (found != by_opening.end()) {
      const Event bar = bar_of(found->second, close_ns, instrument);
      last_close = bar.bar.close;
      if (open_ns >= events.front().ts_ns) bars.push_back(bar);
    } else {
      bars.push_back(
          make_bar(Timestamp(close_ns), id, {last_close, last_close, last_close, last_close, 0}, 0));
    }
  }
  return bars;
}

// `measure` of a list of trades; a bar has reached `enough` of it.
inline std::vector<Event> naive_bars(const std::vector<Event>& events, InstrumentId id,
                                     const Instrument& instrument,
                                     const std::function<double(const Event&)>& measure, double enough) {
  std::vector<Event> bars, open;
  for (const Event& trade : trades_of(events, id)) {
    open.push_back(trade);
    double sum = 0;
    for (const Event& held : open) sum += measure(held);
    if (sum < enough) continue;
    bars.push_back(bar_of(open, trade.ts_ns, instrument));
    open.clear();
  }
  return bars;
}

inline std::vector<Event> bars_from(const std::vector<Instrument>& instruments, std::vector<Event> events,
                                    TradeBarOptions options, std::size_t batch = 64) {
  TradeBarSource source(std::make_unique<TradeList>(instruments, std::move(events)), std::move(options));
  std::vector<Event> all, room(batch);
  while (const std::size_t count = source.read(room)) {
    all.insert(all.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

}  // namespace hftsim::test
