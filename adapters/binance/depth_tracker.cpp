#include "adapters/binance/depth_tracker.h"

#include <algorithm>

namespace hftsim::binance {
namespace {

constexpr std::size_t kWaitingMax = 65'536;
constexpr std::size_t kRecentMax = 4096;

}  // namespace

void DepthTracker::count(BookStep step) {
  counts_.stale += step == BookStep::stale;
  counts_.applied += step == BookStep::apply;
  counts_.early += step == BookStep::gap;  // the message that shows a gap finds no book to change
}

// On the diff before, whether or not there is a snapshot.
bool DepthTracker::follows(const BookChangeBody& ids) const {
  if (recent_.empty()) return true;
  const BookChangeBody& before = recent_.back().ids;
  if (ids.seq <= before.seq) return true;  // again, or late: nothing is missing
  return rules_ == BookRules::usdm ? ids.seq_previous == before.seq : ids.seq_first == before.seq + 1;
}

Event DepthTracker::gap_before(const BookChangeBody& ids, std::uint64_t expected) const {
  const std::uint64_t found = rules_ == BookRules::usdm ? ids.seq_previous : ids.seq_first;
  Event mark{};
  mark.kind = EventKind::session_mark;
  mark.instrument = instrument_;
  mark.ts_ns = recent_.empty() ? 0 : recent_.back().ts_ns;
  mark.recv_ns = recent_.empty() ? 0 : recent_.back().recv_ns;
  mark.session = {SessionMark::gap,
                  static_cast<std::uint32_t>(EventKind::book_change),
                  expected,
                  found,
                  found > expected ? found - expected : 0,
                  0};
  return mark;
}

std::optional<Event> DepthTracker::on_diff(const Event& diff) {
  std::optional<Event> mark;
  const BookStep step = sequencer_.next(diff);
  if (!follows(diff.book)) {
    const std::uint64_t before = recent_.back().ids.seq;
    mark = gap_before(diff.book, rules_ == BookRules::usdm ? before : before + 1);
  } else if (step == BookStep::gap) {  // between the snapshot and the first message after it
    mark = gap_before(diff.book, sequencer_.expected());
    if (recent_.empty()) {
      mark->ts_ns = diff.ts_ns;
      mark->recv_ns = diff.recv_ns;
    }
  }
  counts_.gaps += mark.has_value();
  count(step);
  const Seen seen{diff.book, diff.ts_ns, diff.recv_ns};
  if (step == BookStep::early) waiting_.push_back(seen);
  if (waiting_.size() > kWaitingMax) {
    waiting_.pop_front();
    ++counts_.early;
  }
  recent_.push_back(seen);
  if (recent_.size() > kRecentMax) recent_.pop_front();
  return mark;
}

std::optional<Event> DepthTracker::on_snapshot(const Event& snapshot) {
  ++counts_.snapshots;
  if (sequencer_.next(snapshot) != BookStep::snapshot) return std::nullopt;
  std::optional<Event> mark;
  std::deque<Seen> waiting;
  waiting.swap(waiting_);
  bool has_joined = false;
  for (const Seen& seen : waiting) {
    const BookStep step = sequencer_.next(seen.ids, false);
    count(step);
    if (step == BookStep::early) ++counts_.early;
    has_joined |= step == BookStep::apply;
    if (step != BookStep::gap || has_joined) continue;  // one between two of them was found when it came
    mark = gap_before(seen.ids, sequencer_.expected());
    mark->ts_ns = snapshot.ts_ns;
    mark->recv_ns = snapshot.recv_ns;
    ++counts_.gaps;
  }
  return mark;
}

std::optional<std::int64_t> DepthTracker::time_beyond(std::uint64_t update_id) const {
  const auto found =
      std::ranges::find_if(recent_, [&](const Seen& seen) { return seen.ids.seq > update_id; });
  return found == recent_.end() ? std::nullopt : std::optional(found->ts_ns);
}

DepthCounts DepthTracker::counts() const {
  DepthCounts counts = counts_;
  counts.early += waiting_.size();
  return counts;
}

}  // namespace hftsim::binance
