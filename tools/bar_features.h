// Feature rows of one instrument's bars, all at once in memory: what models are trained on and features are
// ranked by. 8 bytes per value; windows are views of the rows, never copies.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/units.h"
#include "models/training/training_set.h"
#include "tools/run_data.h"

namespace hftsim {

class BarFeatures {
 public:
  // Reads all of `data`, which has to be one instrument's, shows progress and can be interrupted (IoFailure).
  // Rows begin with the first in which every feature is known. Throws BadInput: several instruments, a feature
  // that is not known, no such row.
  BarFeatures(RunData& data, std::vector<std::string> names);

  std::size_t rows() const { return close_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  std::uint64_t bars_before() const { return bars_before_; }  // until every feature was known

  Timestamp closed_at(std::size_t row) const { return closed_at_[row]; }
  Duration bar_interval() const { return bar_interval_; }

  // Rows [first, last).
  models::FeatureRows slice(std::size_t first, std::size_t last) const;

 private:
  void append(std::span<const Event> bars, const double* block, std::size_t stride, std::size_t cold);
  void expect_rows(const RunData& data, std::size_t warmup_bars, const double* last_row,
                   std::size_t stride) const;
  void grow(std::size_t capacity);

  std::vector<std::string> names_;
  Duration bar_interval_;
  std::vector<double> columns_;  // (names, capacity_)
  std::size_t capacity_ = 0;
  std::vector<double> close_;
  std::vector<Timestamp> closed_at_;
  std::uint64_t bars_before_ = 0;
};

// The features a model is trained on where none are named: the default ones but for `trades`, which is counted
// otherwise by every exchange. Others in the order of the default ones, then as they are named: a run that
// computes the default features refuses a model that has them in another order.
std::vector<std::string> model_features(const std::string& list, std::span<const std::uint32_t> windows);

}  // namespace hftsim
