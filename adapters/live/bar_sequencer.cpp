#include "adapters/live/bar_sequencer.h"

#include <algorithm>

#include "adapters/fetch/rest_market.h"
#include "adapters/live/session_marks.h"

namespace hftsim::live {

void BarSequencer::hand_out(const Event& bar, std::vector<Event>& out) {
  out.push_back(bar);
  out.back().instrument = instrument_;
  last_ns_ = bar.ts_ns;
}

void BarSequencer::drain(std::vector<Event>& out) {
  while (!waiting_.empty() && waiting_.begin()->first <= *last_ns_ + interval_ns_) {
    const auto first = waiting_.extract(waiting_.begin());
    if (first.key() <= *last_ns_) {  // came by repair meanwhile
      ++counts_.duplicates;
      continue;
    }
    ++counts_.late;
    hand_out(first.mapped(), out);
  }
}

void BarSequencer::take(const Event& bar, std::vector<Event>& out) {
  if (fetch::grid_floor(bar.ts_ns, Duration(interval_ns_)) != bar.ts_ns) {
    ++counts_.implausible;
    return;
  }
  if (last_ns_ && bar.ts_ns > *last_ns_ + interval_ns_) {
    // Beyond the most that wait it is not kept: then REST has it, too.
    const bool is_new = waiting_.size() < kWaitingMax && waiting_.emplace(bar.ts_ns, bar).second;
    counts_.duplicates += !is_new;
    return;
  }
  if (last_ns_ && bar.ts_ns <= *last_ns_) {
    ++counts_.duplicates;
    return;
  }
  hand_out(bar, out);
  drain(out);
}

std::optional<TimeRange> BarSequencer::missing(std::int64_t closed_ns) const {
  if (!last_ns_) return std::nullopt;
  const std::int64_t to_ns = waiting_.empty() ? fetch::grid_floor(closed_ns, Duration(interval_ns_))
                                              : waiting_.begin()->first - interval_ns_;
  if (to_ns <= *last_ns_) return std::nullopt;
  return TimeRange{*last_ns_, to_ns};
}

void BarSequencer::repair(std::span<const Event> bars, std::vector<Event>& out) {
  for (const Event& bar : bars) {
    if (!last_ns_ || bar.ts_ns != *last_ns_ + interval_ns_) continue;
    Event late = bar;
    late.flags |= kLate;
    const auto waits = waiting_.find(bar.ts_ns);
    if (waits != waiting_.end()) {  // what came by itself has its time of receipt
      drain(out);
      continue;
    }
    ++counts_.repaired;
    hand_out(late, out);
  }
  if (last_ns_) drain(out);
}

void BarSequencer::give_up(std::int64_t closed_ns, std::vector<Event>& out) {
  const auto hole = missing(closed_ns);
  if (!hole || waiting_.empty()) return;
  const std::int64_t settled_ns = std::min(hole->to_ns, fetch::grid_floor(closed_ns, Duration(interval_ns_)));
  if (settled_ns <= hole->from_ns) return;
  const std::int64_t expected_ns = hole->from_ns + interval_ns_;
  out.push_back(make_gap(EventKind::bar, instrument_, hole->from_ns, static_cast<std::uint64_t>(expected_ns),
                         static_cast<std::uint64_t>(settled_ns + interval_ns_),
                         static_cast<std::uint64_t>((settled_ns - hole->from_ns) / interval_ns_)));
  ++counts_.gaps;
  last_ns_ = settled_ns;
  drain(out);
}

}  // namespace hftsim::live
