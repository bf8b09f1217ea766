// One fact from the market, in one cache line: a bar, a trade, a quote, a book change, a timer.
// An event becomes known at `ts_ns` (a bar at its close) and was received here at `recv_ns`.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/core/units.h"

namespace hftsim {

// Index into the run's instrument table.
using InstrumentId = std::uint16_t;

// The order of the enumerators is the rank in the total order (event_key.h): at the same instant a timer
// comes first, then what changes the book, then what trades, then the bar that sums the interval up.
enum class EventKind : std::uint8_t { timer, book_change, quote, trade, bar, session_mark };

// A bit's meaning goes with the kind.
enum EventFlag : std::uint8_t {
  kNoTradeCount = 1,     // bar: the source has no trade count; features use volume / close instead
  kRepaired = 2,         // bar: changed by the `repair` policy
  kAggregate = 1,        // trade: of trades that one order made at one price, [id_first, id_last]
  kPartial = 8,          // bar: made of trades, of which some at its beginning or end are missing
  kBuyerIsMaker = 4,     // trade: the aggressor sold
  kLate = 32,            // bar, trade: did not come when it was due, asked for afterwards (live sessions)
  kOffBook = 16,         // trade: not from the book (insurance fund, deleveraging), so part of no bar
  kBidSide = 8,          // book change: the bid side changed
  kMessageEnd = 16,      // book change: the last of its message; before it the book is between two states
  kSnapshot = 32,        // book change: of a message that replaces the whole book
  kNoLevels = 64,        // book change: its message had sequence numbers and no level
  kTimeEstimated = 128,  // the exchange sent no time: ts is the latest that it had sent before
};

// Prices and volume are the exchange's decimals.
struct BarBody {
  double open, high, low, close;
  double volume;  // base units
};

// Prices and quantities of the other kinds count steps of the instrument (Instrument::price_step, quantity_step).
struct TradeBody {
  std::int64_t price_ticks;
  std::int64_t quantity_lots;
  std::uint64_t seq;                // the exchange's trade id, or that of an aggregate of trades
  std::uint64_t id_first, id_last;  // the trades in an aggregate; else both are seq
};

struct QuoteBody {
  std::int64_t bid_ticks, bid_lots, ask_ticks, ask_lots;
  std::uint64_t seq;  // the exchange's update id
};

// One level of a message. All levels of a message lie together and have its sequence numbers.
struct BookChangeBody {
  std::int64_t price_ticks;
  std::int64_t quantity_lots;  // the level's new total; 0 removes it
  std::uint64_t seq;           // last update id of the message
  std::uint64_t seq_first;
  std::uint64_t seq_previous;  // last update id of the message before; 0 where the exchange does not send it
};

// The first three are of the connection that the instrument's events come through. The others are what whoever watches
// a live session told it, for all instruments:
//   pause    no order that opens or adds until `resume`; what only reduces goes on
//   flatten  cancels every order, closes every position, then as pause
enum class SessionMark : std::uint32_t { connected, disconnected, gap, pause, resume, flatten };

constexpr bool is_command(SessionMark mark) {
  return mark >= SessionMark::pause;
}

struct SessionMarkBody {
  SessionMark mark;
  std::uint32_t stream;        // gap: the EventKind that something is missing of
  std::uint64_t seq_expected;  // gap: what would have followed
  std::uint64_t seq_found;     // gap: what came instead
  std::uint64_t missing;       // gap: how many, where that is known
  std::uint64_t reserved;
};

struct TimerBody {
  std::uint64_t id;
  std::uint64_t seq;
  std::uint64_t reserved[3];
};

struct alignas(64) Event {
  std::int64_t ts_ns;    // when it became known at the exchange
  std::int64_t recv_ns;  // when it reached us; equals ts_ns where the source has one clock
  union {
    std::uint32_t trades;        // bar: number of trades
    std::int32_t send_delay_us;  // others: from ts to when the exchange sent it, where it says so
  };
  InstrumentId instrument;
  EventKind kind;
  std::uint8_t flags;  // EventFlag
  union {
    BarBody bar;
    TradeBody trade;
    QuoteBody quote;
    BookChangeBody book;
    TimerBody timer;
    SessionMarkBody session;
  };

  Timestamp ts() const { return Timestamp(ts_ns); }
  bool has(EventFlag flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(Event) == 64 && std::is_trivially_copyable_v<Event>);

// The trade count that features see: the source's own, or the order-flow proxy volume / close.
inline double trade_count(const Event& bar) {
  return bar.has(kNoTradeCount) ? bar.bar.volume / bar.bar.close : static_cast<double>(bar.trades);
}

inline Event make_bar(Timestamp close_ts, InstrumentId instrument, const BarBody& body, std::uint32_t trades,
                      std::uint8_t flags = 0) {
  Event event{};
  event.ts_ns = close_ts.value;
  event.recv_ns = close_ts.value;
  event.trades = trades;
  event.instrument = instrument;
  event.kind = EventKind::bar;
  event.flags = flags;
  event.bar = body;
  return event;
}

}  // namespace hftsim
