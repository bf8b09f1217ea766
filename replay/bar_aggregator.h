// Trades of one instrument, one after the other, become its bars: a trade goes in, a closed bar comes out. For a
// live session as it is; for recordings behind TradeBarSource. Allocates nothing.
//
//   bar      closes                                                    known at
//   time     at the next multiple of its interval since 1970 UTC       that boundary
//            (weeks: Mondays); a trade on a boundary opens the next
//   trades   with the trade that is the n-th or beyond it              that trade's time
//   volume   with the trade that makes its quantities n or more        that trade's time
//   dollar   with the trade that makes its price * quantity n or more  that trade's time
//
// Definitions after López de Prado 2018, 2.3. The trade that reaches a threshold is wholly in the bar it closes: none is
// split, so the next bar begins at zero. An aggregate of trades counts id_last - id_first + 1 trades. As many trades
// happen at one instant, several bars other than time bars may close at it: they keep their sequence.
//
// Sums are exact, in ticks and lots; the bar's doubles are the nearest ones, so equal to what an exchange's klines
// read as.
//
// A time bar without trades is flat at the last close with volume 0 and no trades, as exchanges' klines are, so that a
// quiet market is no gap. There is none before the first trade, none while the stream is broken off (break_off()), and
// none in a silence of more than kSilenceMax intervals: nobody knows whether nothing happened then. The next trade goes
// on.
//
// A time bar whose interval began before the data did (begin()) lacks trades, unless the first that is there has the id
// 1, which none came before: it is left out and counted, as is the bar that is open at the end. In no bar, and counted:
// what was not traded in the book (kOffBook), trades without a positive price and quantity, those that came before, and
// those that come after their time bar was given.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/core/wide_decimal.h"
#include "replay/bar_spec.h"

namespace hftsim {

struct BarAggregatorOptions {
  bool keep_partial = false;  // give the first time bar too where its beginning is missing, marked kPartial
  bool fill_breaks = false;   // flat bars, marked kRepaired, while the stream is broken off
};

// Why a trade is in no bar. `repeated`: the same as the one before, or an aggregate beside single trades (or the
// other way round; the kind that came first counts).
enum class TradeFault : std::uint8_t { none, off_book, impossible, repeated, late };

struct TradeCounts {
  std::uint64_t trades = 0;  // messages in bars, be they aggregates or not
  std::uint64_t off_book = 0, impossible = 0, repeated = 0, late = 0;
  std::uint64_t bars = 0, empty_bars = 0,
                filled_bars = 0;                       // given; of them without trades; of them in a break
  std::uint64_t missing_bars = 0;                      // intervals of a break or a silence
  std::uint64_t partial_bars = 0, partial_trades = 0;  // left out at both ends; what was in them

  void add(const TradeCounts& other);
};

// What a bar adds up, exactly: in trades, lots and ticks * lots. `bought`: by aggressors.
struct BarTotals {
  std::uint64_t trades = 0;
  WideCount lots = 0, value = 0;
  WideCount bought_lots = 0, bought_value = 0;
};

class BarAggregator {
 public:
  static constexpr std::int64_t kSilenceMax = 10'000;  // intervals

  // Bars carry `id`. Throws BadInput for a threshold that the instrument's steps do not hold (above 2^127).
  BarAggregator(const BarSpec& spec, const Instrument& instrument, InstrumentId id,
                BarAggregatorOptions options = {});

  // From when on all trades are there; before the first of them. Without it: from the first trade on.
  void begin(Timestamp ts);

  // The earliest time at which a time bar may be due; the greatest where none is.
  std::int64_t due_ns() const { return due_ns_; }
  // Now is `now`: whether a time bar has closed by then, which then is `bar`, the earliest. To be called until there is
  // none before a trade of that time is added; by a live session also without a trade, once none from before can
  // come any more.
  bool close_due(Timestamp now, Event& bar);

  // Why it will be in no bar, if so. Time bars that close before it have been taken.
  TradeFault fault_of(const Event& trade) const;
  // Whether it closed a bar of another measure than time, which then is `bar`.
  bool add(const Event& trade, Event& bar);

  // The stream was cut off: up to the next trade nothing is known.
  void break_off();

  // The end: whether a bar is open. It is `bar` as it stands (a time bar with the time at which it would have closed)
  // is marked kPartial and counts as partial; not in bars.
  bool finish(Event& bar);

  const BarTotals& totals() const { return given_; }  // of the bar that came out last
  const TradeCounts& counts() const { return counts_; }

 private:
  static constexpr std::int64_t kNever = INT64_MAX;

  bool is_repeated(const TradeBody& trade, std::int64_t ts_ns) const;
  std::int64_t opening_of(std::int64_t ts_ns) const;
  void open_interval(std::int64_t ts_ns);
  void note_silence(std::int64_t now_ns);
  void take_in(const Event& trade);
  bool is_reached() const;
  bool is_partial() const { return due_ns_ - interval_ns_ < begin_ns_; }
  void count(std::uint64_t messages, bool partial);
  Event closed(std::int64_t ts_ns, std::uint8_t flags);
  Event flat(std::int64_t ts_ns);
  void next_interval();
  double price_of(std::int64_t ticks) const {
    return nearest_double(static_cast<WideCount>(ticks), instrument_.price_step);
  }

  BarMeasure measure_;
  BarAggregatorOptions options_;
  Instrument instrument_;
  InstrumentId id_;
  std::int64_t interval_ns_ = 0, phase_ns_ = 0;
  std::uint64_t silence_max_ns_ = 0;
  WideCount threshold_ = 0;

  std::int64_t open_ticks_ = 0, high_ticks_ = 0, low_ticks_ = 0, close_ticks_ = 0;
  BarTotals open_, given_;
  std::uint64_t open_messages_ = 0;        // 0: no bar is open
  std::int64_t begin_ns_ = INT64_MAX;      // until it is known
  std::int64_t due_ns_ = kNever;           // of the interval under way
  std::int64_t next_open_ns_ = INT64_MIN;  // intervals before it have been dealt with
  std::int64_t seen_ns_ = INT64_MIN;
  bool broken_off_ = false, silent_ = false;

  std::optional<bool> takes_aggregates_;
  std::int64_t last_ts_ns_ = INT64_MIN;
  std::uint64_t last_id_ = 0;
  TradeCounts counts_;
};

}  // namespace hftsim
