#include "adapters/live/trade_sequencer.h"

#include <algorithm>

#include "adapters/live/session_marks.h"

namespace hftsim::live {

void TradeSequencer::hand_out(const Event& trade, std::vector<Event>& out) {
  out.push_back(trade);
  out.back().instrument = instrument_;
  last_ = trade.trade.seq;
  last_ns_ = trade.ts_ns;
}

void TradeSequencer::drain(std::vector<Event>& out) {
  while (!waiting_.empty() && waiting_.begin()->first <= *last_ + 1) {
    const auto first = waiting_.extract(waiting_.begin());
    lower_ = 0;
    if (first.key() <= *last_) {
      ++counts_.duplicates;
    } else {
      hand_out(first.mapped(), out);
    }
  }
}

void TradeSequencer::take(const Event& trade, std::vector<Event>& out) {
  const std::uint64_t id = trade.trade.seq;
  if (last_ && id <= *last_) return take_older(trade, out);
  older_ = 0;
  if (!waiting_.empty() && id < waiting_.begin()->first && ++lower_ > kLowerMax) {
    waiting_.erase(waiting_.begin());
    ++counts_.implausible;
    lower_ = 0;
  }
  if (last_ && id != *last_ + 1) return wait(trade, out);
  hand_out(trade, out);
  drain(out);
}

void TradeSequencer::wait(const Event& trade, std::vector<Event>& out) {
  const bool is_first = waiting_.empty() || trade.trade.seq < waiting_.begin()->first;
  if (!waiting_.emplace(trade.trade.seq, trade).second) {
    ++counts_.duplicates;
    return;
  }
  if (is_first) lower_ = 0;
  const bool is_long = waiting_.begin()->first - *last_ - 1 > hole_max_;
  if ((is_long && waiting_.size() >= kConfirmed) || waiting_.size() > hole_max_) give_up(out);
}

void TradeSequencer::take_older(const Event& trade, std::vector<Event>& out) {
  ++counts_.duplicates;
  if (++older_ <= kOlderMax) return;
  older_ = 0;
  waiting_.clear();
  skip_to(trade.trade.seq, out);
  hand_out(trade, out);
}

// A mark for what is missing before that id.
void TradeSequencer::skip_to(std::uint64_t id, std::vector<Event>& out) {
  const std::uint64_t due = *last_ + 1;
  out.push_back(make_gap(EventKind::trade, instrument_, last_ns_, due, id, id > due ? id - due : 0));
  ++counts_.gaps;
  last_ = id - 1;
}

std::optional<TradeHole> TradeSequencer::missing() const {
  if (!last_ || waiting_.empty()) return std::nullopt;
  return TradeHole{*last_ + 1, waiting_.begin()->first};
}

void TradeSequencer::repair(const TradeHole& hole, std::span<const Event> trades, std::vector<Event>& out) {
  for (const Event& trade : trades) {
    const std::uint64_t id = trade.trade.seq;
    if (id >= hole.to) break;
    if (id <= *last_) continue;
    while (id > *last_ + 1) {
      drain(out);
      if (id > *last_ + 1) skip_to(waiting_.empty() ? id : std::min(id, waiting_.begin()->first), out);
    }
    if (id <= *last_) continue;
    Event late = trade;
    late.flags |= kLate | kAggregate;
    ++counts_.repaired;
    hand_out(late, out);
  }
  if (last_) drain(out);
}

void TradeSequencer::give_up(std::vector<Event>& out) {
  if (!missing()) return;
  skip_to(waiting_.begin()->first, out);
  drain(out);
}

}  // namespace hftsim::live
