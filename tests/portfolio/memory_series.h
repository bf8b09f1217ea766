// An equity series in memory, handed out in pieces, for the tests of this folder.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/portfolio/equity_series.h"

namespace hftsim {

class MemorySeries final : public EquitySeries {
 public:
  explicit MemorySeries(std::vector<EquityMark> marks, std::size_t piece = 97)
      : marks_(std::move(marks)), piece_(piece) {}

  // Benchmark and exposure 0.
  static MemorySeries of(const std::vector<double>& equity) {
    std::vector<EquityMark> marks;
    for (const double e : equity) marks.push_back({static_cast<std::int64_t>(marks.size()), e, 0, 0});
    return MemorySeries(std::move(marks));
  }

  std::uint64_t size() const override { return marks_.size(); }
  void rewind() override {
    next_ = 0;
    ++passes_;
  }
  std::span<const EquityMark> next() override {
    const std::size_t count = std::min(piece_, marks_.size() - next_);
    const std::span<const EquityMark> piece(marks_.data() + next_, count);
    next_ += count;
    return piece;
  }

  const std::vector<EquityMark>& marks() const { return marks_; }
  int passes() const { return passes_; }

 private:
  std::vector<EquityMark> marks_;
  std::size_t piece_;
  std::size_t next_ = 0;
  int passes_ = 0;
};

}  // namespace hftsim
