// Reports on their way from the venue: each is held back until the moment it is known here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/execution/execution_report.h"

namespace hftsim {

class ReportInbox {
 public:
  explicit ReportInbox(std::size_t capacity = 1024) { reports_.reserve(capacity); }

  // Keeps the order of known_at; at the same instant, the order of arrival.
  void add(const ExecutionReport& report) {
    const auto later = [](Timestamp t, const ExecutionReport& r) {
      return t < r.known_at;
    };
    reports_.insert(std::upper_bound(reports_.begin() + static_cast<std::ptrdiff_t>(next_), reports_.end(),
                                     report.known_at, later),
                    report);
  }

  bool empty() const { return next_ == reports_.size(); }
  bool is_due(Timestamp now) const { return !empty() && reports_[next_].known_at <= now; }

  // The earliest. Precondition: not empty.
  ExecutionReport take() {
    const ExecutionReport report = reports_[next_++];
    if (empty()) {
      reports_.clear();
      next_ = 0;
    }
    return report;
  }

 private:
  std::vector<ExecutionReport> reports_;
  std::size_t next_ = 0;
};

}  // namespace hftsim
