#include "adapters/live/depth_sequencer.h"

#include "adapters/live/session_marks.h"

namespace hftsim::live {

void DepthSequencer::keep(std::span<const Event> message) {
  waiting_.emplace_back(message.begin(), message.end());
  if (waiting_.size() <= kWaitingMax) return;
  waiting_.pop_front();
  ++counts_.overflowed;
}

void DepthSequencer::take(std::span<const Event> message, std::vector<Event>& out) {
  if (message.empty()) return;
  const Event& first = message.front();
  switch (book_.next(first)) {
    case BookStep::early:
      return keep(message);
    case BookStep::stale:
      ++counts_.stale;
      return;
    case BookStep::gap: {
      const std::uint64_t found = rules_ == BookRules::usdm ? first.book.seq_previous : first.book.seq_first;
      out.push_back(make_gap(EventKind::book_change, instrument_, first.ts_ns, book_.expected(), found,
                             book_.missing()));
      ++counts_.gaps;
      return keep(message);
    }
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
