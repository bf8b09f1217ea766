#include "replay/trade_bar_source.h"

#include <algorithm>
#include <utility>

#include "engine/core/event_key.h"

namespace hftsim {
namespace {

constexpr std::size_t kReadAhead = 1024;

}  // namespace

TradeBarSource::TradeBarSource(std::unique_ptr<EventSource> source, TradeBarOptions options)
    : source_(std::move(source)), options_(std::move(options)), room_(kReadAhead) {
  const BarAggregatorOptions how{options_.keep_partial, options_.fill_breaks};
  for (const Instrument& instrument : source_->instruments()) {
    const auto id = static_cast<InstrumentId>(instruments_.size());
    aggregators_.emplace_back(options_.spec, instrument, id, how);
    instruments_.push_back(instrument);
    instruments_.back().bar_interval = options_.spec.bar_interval();
  }
}

std::size_t TradeBarSource::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    const bool is_there = has_event();
    if (gives_waiting(out[count])) {
      ++count;
    } else if (!is_there || !goes_on(out, count)) {
      break;
    }
  }
  return count;
}

// One step: the bars that are due before the event, or the event. False where a fault has to wait until what is before
// it has been given.
bool TradeBarSource::goes_on(std::span<Event> out, std::size_t& count) {
  const Event& event = events_.front();
  if (due_ns_ <= event.ts_ns && due_ns_ != INT64_MAX) {
    collect_due();
    return true;
  }
  if (event.kind == EventKind::trade && options_.on_fault && !told_of_fault_) {
    const TradeFault fault = aggregators_[event.instrument].fault_of(event);
    if (fault != TradeFault::none && count > 0) return false;
    told_of_fault_ = true;
    if (fault != TradeFault::none) options_.on_fault(event, fault);
  }
  if (options_.pass.has(event.kind) && event.kind != EventKind::bar) out[count++] = event;
  take_in(event);
  return true;
}

// Whether events_ has a front. At the end of the source the open bars are closed once.
bool TradeBarSource::has_event() {
  if (!events_.empty()) return true;
  if (at_end_) return false;
  events_ = source_->next(room_);
  if (events_.empty()) {
    at_end_ = true;
    finish();
    return false;
  }
  if (!std::exchange(started_, true)) {
    for (BarAggregator& aggregator : aggregators_) aggregator.begin(events_.front().ts());
  }
  return true;
}

// The first of the bars that closed, where its turn has come.
bool TradeBarSource::gives_waiting(Event& event) {
  if (next_waiting_ == waiting_.size()) return false;
  if (!comes_before_event(waiting_[next_waiting_])) return false;
  event = waiting_[next_waiting_++];
  if (next_waiting_ == waiting_.size()) {
    waiting_.clear();
    next_waiting_ = 0;
  }
  return true;
}

bool TradeBarSource::comes_before_event(const Event& bar) const {
  if (events_.empty()) return true;
  const Event& event = events_.front();
  return bar.ts_ns < event.ts_ns || (bar.ts_ns == event.ts_ns && event.kind > EventKind::bar);
}

// The time bars of the earliest boundary that has passed.
void TradeBarSource::collect_due() {
  const Timestamp now = events_.front().ts();
  Event bar;
  for (BarAggregator& aggregator : aggregators_) {
    if (aggregator.due_ns() == due_ns_ && aggregator.close_due(now, bar)) wait_for_turn(bar);
  }
  set_due();
}

void TradeBarSource::take_in(const Event& event) {
  BarAggregator& aggregator = aggregators_[event.instrument];
  if (event.kind == EventKind::trade) {
    Event bar;
    if (aggregator.add(event, bar)) wait_for_turn(bar);
    due_ns_ = std::min(due_ns_, aggregator.due_ns());
  } else if (event.kind == EventKind::session_mark && event.session.mark == SessionMark::disconnected) {
    aggregator.break_off();
    set_due();
  }
  told_of_fault_ = false;
  last_ns_ = event.ts_ns;
  ++events_read_;
  events_ = events_.subspan(1);
}

void TradeBarSource::set_due() {
  due_ns_ = INT64_MAX;
  for (const BarAggregator& aggregator : aggregators_) due_ns_ = std::min(due_ns_, aggregator.due_ns());
}

// Bars of one instrument that close at one time keep their sequence.
void TradeBarSource::wait_for_turn(const Event& bar) {
  const auto comes_later = [](const Event& a, const Event& b) {
    return key_of(a) < key_of(b);
  };
  const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(next_waiting_);
  waiting_.insert(std::upper_bound(first, waiting_.end(), bar, comes_later), bar);
}

// What is open is known when the source ends, not at its last trade: other bars came after that.
void TradeBarSource::finish() {
  Event bar;
  for (BarAggregator& aggregator : aggregators_) {
    if (!aggregator.finish(bar) || !options_.keep_partial) continue;
    bar.ts_ns = bar.recv_ns = std::max(bar.ts_ns, last_ns_);
    wait_for_turn(bar);
  }
}

TradeCounts TradeBarSource::counts() const {
  TradeCounts sum;
  for (const BarAggregator& aggregator : aggregators_) sum.add(aggregator.counts());
  return sum;
}

}  // namespace hftsim
