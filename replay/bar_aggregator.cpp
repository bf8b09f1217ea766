#include "replay/bar_aggregator.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr Duration kWeek = 7 * kDay;
constexpr Duration kFirstMonday = 4 * kDay;                        // 1970-01-05
constexpr std::int64_t kTradeTimeMax = 4'600'000'000'000'000'000;  // 2115: times of bars stay within 64 bits
constexpr WideCount kThresholdMax = kWideMax >> 1;

std::uint64_t add_clamped(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

// How many trades one message stands for.
std::uint64_t trades_in(const TradeBody& trade) {
  if (trade.id_last < trade.id_first) return 1;
  return add_clamped(trade.id_last - trade.id_first, 1);
}

bool is_aggregate(const TradeBody& trade) {
  return trade.id_first != trade.seq || trade.id_last != trade.seq;
}

WideCount threshold_of(const BarSpec& spec, const Instrument& instrument) {
  const DecimalStep price = instrument.price_step, quantity = instrument.quantity_step;
  const auto price_units = static_cast<WideCount>(price.units);
  const auto quantity_units = static_cast<WideCount>(quantity.units);
  switch (spec.measure) {
    case BarMeasure::time:
      return 0;
    case BarMeasure::trades:
      return steps_to_reach(spec.digits, spec.exponent, 1, 0);
    case BarMeasure::volume:
      return steps_to_reach(spec.digits, spec.exponent, quantity_units, quantity.decimals);
    case BarMeasure::dollar:
      return steps_to_reach(spec.digits, spec.exponent, price_units * quantity_units,
                            price.decimals + quantity.decimals);
  }
  return 0;
}

}  // namespace

void TradeCounts::add(const TradeCounts& other) {
  trades += other.trades;
  off_book += other.off_book;
  impossible += other.impossible;
  repeated += other.repeated;
  late += other.late;
  bars += other.bars;
  empty_bars += other.empty_bars;
  filled_bars += other.filled_bars;
  missing_bars += other.missing_bars;
  partial_bars += other.partial_bars;
  partial_trades += other.partial_trades;
}

BarAggregator::BarAggregator(const BarSpec& spec, const Instrument& instrument, InstrumentId id,
                             BarAggregatorOptions options)
    : measure_(spec.measure),
      options_(options),
      instrument_(instrument),
      id_(id),
      interval_ns_(spec.bar_interval().value),
      phase_ns_(spec.is_time() && interval_ns_ % kWeek.value == 0 ? kFirstMonday.value : 0),
      threshold_(threshold_of(spec, instrument)) {
  assert(!spec.is_time() || interval_ns_ > 0);
  assert(spec.is_time() || spec.digits > 0);
  constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max() / kSilenceMax;
  silence_max_ns_ = static_cast<std::uint64_t>(std::min(interval_ns_, kLongest) * kSilenceMax);
  if (threshold_ <= kThresholdMax) return;
  throw BadInput(instrument.symbol, "bars of more than 2^127 of its steps", "less in a bar");
}

void BarAggregator::begin(Timestamp ts) {
  begin_ns_ = ts.value;
  seen_ns_ = ts.value;
}

bool BarAggregator::close_due(Timestamp now, Event& bar) {
  if (now.value < due_ns_) return false;
  note_silence(now.value);
  while (due_ns_ <= now.value && due_ns_ != kNever) {
    const std::int64_t ts_ns = due_ns_;
    if (open_messages_ == 0) {
      if (silent_) {
        due_ns_ = kNever;
        return false;
      }
      bar = flat(ts_ns);
      next_interval();
      return true;
    }
    const bool partial = is_partial();
    const std::uint64_t messages = open_messages_;
    bar = closed(ts_ns, partial ? kPartial : 0);
    next_interval();
    count(messages, partial);
    if (!partial || options_.keep_partial) return true;
  }
  return false;
}

// Nothing came for so long that it is not known whether nothing happened.
void BarAggregator::note_silence(std::int64_t now_ns) {
  if (now_ns <= seen_ns_) return;
  const std::uint64_t quiet_ns = static_cast<std::uint64_t>(now_ns) - static_cast<std::uint64_t>(seen_ns_);
  if (seen_ns_ != INT64_MIN && quiet_ns > silence_max_ns_) silent_ = true;
  seen_ns_ = now_ns;
}

// After the one that was due; none while nothing is known.
void BarAggregator::next_interval() {
  next_open_ns_ = due_ns_;
  const bool ends = silent_ || (broken_off_ && !options_.fill_breaks);
  due_ns_ = ends || due_ns_ > kNever - interval_ns_ ? kNever : due_ns_ + interval_ns_;
}

TradeFault BarAggregator::fault_of(const Event& trade) const {
  if (trade.has(kOffBook)) return TradeFault::off_book;
  const TradeBody& body = trade.trade;
  const bool is_possible = body.price_ticks > 0 && body.quantity_lots > 0 && trade.ts_ns < kTradeTimeMax &&
                           trade.ts_ns > -kTradeTimeMax;
  if (!is_possible) return TradeFault::impossible;
  if (is_repeated(body, trade.ts_ns)) return TradeFault::repeated;
  return trade.ts_ns < next_open_ns_ ? TradeFault::late : TradeFault::none;
}

bool BarAggregator::is_repeated(const TradeBody& trade, std::int64_t ts_ns) const {
  if (takes_aggregates_ && *takes_aggregates_ != is_aggregate(trade)) return true;
  return trade.seq == last_id_ && trade.seq != 0 && ts_ns == last_ts_ns_;
}

bool BarAggregator::add(const Event& trade, Event& bar) {
  switch (fault_of(trade)) {
    case TradeFault::none:
      break;
    case TradeFault::off_book:
      return ++counts_.off_book, false;
    case TradeFault::impossible:
      return ++counts_.impossible, false;
    case TradeFault::repeated:
      return ++counts_.repeated, false;
    case TradeFault::late:
      return ++counts_.late, false;
  }
  if (measure_ == BarMeasure::time) {
    const bool is_first_ever = !takes_aggregates_ && trade.trade.id_first == 1;
    if (is_first_ever) begin_ns_ = INT64_MIN;  // there were none before it
    open_interval(trade.ts_ns);
  }
  take_in(trade);
  if (!is_reached()) return false;
  count(open_messages_, false);
  bar = closed(last_ts_ns_, 0);
  return true;
}

void BarAggregator::open_interval(std::int64_t ts_ns) {
  if (begin_ns_ == INT64_MAX) begin(Timestamp(ts_ns));
  assert(ts_ns < due_ns_);
  seen_ns_ = std::max(seen_ns_, ts_ns);
  broken_off_ = silent_ = false;
  if (due_ns_ != kNever) return;
  const std::int64_t open_ns = opening_of(ts_ns);
  if (next_open_ns_ != INT64_MIN) {
    counts_.missing_bars += static_cast<std::uint64_t>((open_ns - next_open_ns_) / interval_ns_);
  }
  next_open_ns_ = open_ns;
  due_ns_ = open_ns + interval_ns_;
}

std::int64_t BarAggregator::opening_of(std::int64_t ts_ns) const {
  const std::int64_t past_ns = (ts_ns - phase_ns_) % interval_ns_;
  return ts_ns - (past_ns < 0 ? past_ns + interval_ns_ : past_ns);
}

void BarAggregator::take_in(const Event& trade) {
  const TradeBody& body = trade.trade;
  takes_aggregates_ = is_aggregate(body);
  last_ts_ns_ = std::max(last_ts_ns_, trade.ts_ns);
  last_id_ = body.seq;
  if (open_messages_++ == 0) open_ticks_ = high_ticks_ = low_ticks_ = body.price_ticks;
  high_ticks_ = std::max(high_ticks_, body.price_ticks);
  low_ticks_ = std::min(low_ticks_, body.price_ticks);
  close_ticks_ = body.price_ticks;
  const auto lots = static_cast<WideCount>(body.quantity_lots);
  const WideCount value = static_cast<WideCount>(body.price_ticks) * lots;
  open_.trades = add_clamped(open_.trades, trades_in(body));
  open_.lots += lots;  // of fewer than 2^64 trades: never beyond
  open_.value = add_clamped(open_.value, value);
  if (trade.has(kBuyerIsMaker)) return;
  open_.bought_lots += lots;
  open_.bought_value = add_clamped(open_.bought_value, value);
}

bool BarAggregator::is_reached() const {
  switch (measure_) {
    case BarMeasure::time:
      return false;
    case BarMeasure::trades:
      return open_.trades >= threshold_;
    case BarMeasure::volume:
      return open_.lots >= threshold_;
    case BarMeasure::dollar:
      return open_.value >= threshold_;
  }
  return false;
}

void BarAggregator::count(std::uint64_t messages, bool partial) {
  ++(partial ? counts_.partial_bars : counts_.bars);
  (partial ? counts_.partial_trades : counts_.trades) += messages;
}

// The open bar, which then is open no more.
Event BarAggregator::closed(std::int64_t ts_ns, std::uint8_t flags) {
  const BarBody body{price_of(open_ticks_), price_of(high_ticks_), price_of(low_ticks_),
                     price_of(close_ticks_), nearest_double(open_.lots, instrument_.quantity_step)};
  const std::uint64_t trades =
      std::min<std::uint64_t>(open_.trades, std::numeric_limits<std::uint32_t>::max());
  given_ = open_;
  open_ = {};
  open_messages_ = 0;
  return make_bar(Timestamp(ts_ns), id_, body, static_cast<std::uint32_t>(trades), flags);
}

Event BarAggregator::flat(std::int64_t ts_ns) {
  const double close = price_of(close_ticks_);
  ++counts_.bars;
  ++(broken_off_ ? counts_.filled_bars : counts_.empty_bars);
  given_ = {};
  return make_bar(Timestamp(ts_ns), id_, {close, close, close, close, 0}, 0, broken_off_ ? kRepaired : 0);
}

void BarAggregator::break_off() {
  broken_off_ = true;
  if (open_messages_ == 0 && !options_.fill_breaks) due_ns_ = kNever;
}

bool BarAggregator::finish(Event& bar) {
  if (open_messages_ == 0) return false;
  count(open_messages_, true);
  bar = closed(measure_ == BarMeasure::time ? due_ns_ : last_ts_ns_, kPartial);
  due_ns_ = kNever;
  return true;
}

}  // namespace hftsim
