// Reports on their way from the venue: each is held back until the moment it is known here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "engine/execution/execution_report.h"

namespace hftsim {

class ReportInbox {
 public:
  explicit ReportInbox(std::size_t capacity = 4096) { reports_.reserve(capacity); }

  // Keeps the order of known_at; at the same instant, the order of arrival.
  void add(const ExecutionReport& report) {
    drop_taken();
    const bool last = empty() || reports_.back().known_at <= report.known_at;
    if (last) {
      reports_.push_back(report);
    } else {
      reports_.insert(first_after(report.known_at), report);
    }
    next_due_ = reports_[next_].known_at;
  }

  bool empty() const { return next_ == reports_.size(); }
  bool is_due(Timestamp now) const { return next_due_ <= now && !empty(); }

  // The earliest. Precondition: not empty.
  ExecutionReport take() {
    const ExecutionReport report = reports_[next_++];
    if (empty()) {
      reports_.clear();
      next_ = 0;
      next_due_ = kNever;
    } else {
      next_due_ = reports_[next_].known_at;
    }
    return report;
  }

 private:
  // A long response latency keeps some report waiting at all times: the list is never empty.
  void drop_taken() {
    if (next_ < kTakenMax) return;
    reports_.erase(reports_.begin(), reports_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
  }

  std::vector<ExecutionReport>::const_iterator first_after(Timestamp known_at) const {
    const auto later = [](Timestamp t, const ExecutionReport& r) {
      return t < r.known_at;
    };
    return std::upper_bound(reports_.begin() + static_cast<std::ptrdiff_t>(next_), reports_.end(), known_at,
                            later);
  }

  static constexpr std::size_t kTakenMax = 1024;
  static constexpr Timestamp kNever{std::numeric_limits<std::int64_t>::max()};

  std::vector<ExecutionReport> reports_;
  std::size_t next_ = 0;
  Timestamp next_due_ = kNever;  // of reports_[next_]: asked on every bar
};

}  // namespace hftsim
