#include "adapters/live/depth_sequencer.h"

#include "adapters/live/session_marks.h"

namespace hftsim::live {

void DepthSequencer::keep(std::span<const Event> message) {
  waiting_.emplace_back(message.begin(), message.end());
  if (waiting_.size() <= kWaitingMax) return;
  waiting_.pop_front();
  ++counts_.overflowed;
}

// A mark, and a new snapshot for this message and those behind it.
void DepthSequencer::begin_anew(std::span<const Event> message, std::uint64_t expected, std::uint64_t found,
                                std::uint64_t missing, std::vector<Event>& out) {
  out.push_back(
      make_gap(EventKind::book_change, instrument_, message.front().ts_ns, expected, found, missing));
  ++counts_.gaps;
  book_.reset();
  stale_ = 0;
  keep(message);
}

void DepthSequencer::take(std::span<const Event> message, std::vector<Event>& out) {
  if (message.empty()) return;
  const BookChangeBody& ids = message.front().book;
  const BookStep step = book_.next(message.front());
  stale_ = step == BookStep::stale ? stale_ + 1 : 0;
  switch (step) {
    case BookStep::early:
      return keep(message);
    case BookStep::stale:
      ++counts_.stale;
      if (stale_ > kStaleMax) begin_anew(message, 0, ids.seq_first, 0, out);
      return;
    case BookStep::gap:
      return begin_anew(message, book_.expected(),
                        rules_ == BookRules::usdm ? ids.seq_previous : ids.seq_first, book_.missing(), out);
    case BookStep::apply:
    case BookStep::snapshot:
      out.insert(out.end(), message.begin(), message.end());
  }
}

void DepthSequencer::take_snapshot(std::span<const Event> snapshot, std::vector<Event>& out) {
  if (snapshot.empty()) return;
  BookSequencer tried(rules_);
  if (tried.next(snapshot.front()) != BookStep::snapshot) return;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const BookStep step = tried.next(waiting_[i].front());
    if (step != BookStep::gap) continue;
    // Nothing before this message can be joined to a snapshot that has it.
    counts_.stale += i;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
  book_ = BookSequencer(rules_);
  book_.next(snapshot.front());
  out.insert(out.end(), snapshot.begin(), snapshot.end());
  ++counts_.snapshots;
  std::deque<std::vector<Event>> waiting;
  waiting.swap(waiting_);
  for (const std::vector<Event>& message : waiting) take(message, out);
}

void DepthSequencer::reset() {
  book_.reset();
  waiting_.clear();
}

}  // namespace hftsim::live
