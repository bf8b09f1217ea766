#include "tools/halt_watch.h"

#include <algorithm>

namespace hftsim {

void HaltWatch::write(std::span<const JournalRecord> records) {
  for (const JournalRecord& record : records) follow(record);
  if (sink_ != nullptr) sink_->write(records);
}

void HaltWatch::follow(const JournalRecord& record) {
  if (record.kind == JournalKind::order) halt_.reset();
  if (record.kind != JournalKind::refusal) return;
  const bool halts = record.reason == Reason::drawdown_limit || record.reason == Reason::total_loss_limit;
  if (!halts) halt_.reset();
  if (!halts || (halt_ && halt_->reason == record.reason)) return;
  halt_ = Halt{record.reason, Timestamp(record.ts_ns)};
}

std::uint64_t marks_since(EquitySeries& equity, Timestamp since) {
  std::uint64_t count = 0;
  equity.rewind();
  for (auto marks = equity.next(); !marks.empty(); marks = equity.next()) {
    const auto first = std::ranges::lower_bound(marks, since.value, {}, &EquityMark::ts_ns);
    count += static_cast<std::uint64_t>(marks.end() - first);
  }
  return count;
}

}  // namespace hftsim
