// What a feature graph remembers: of every series the values of the last bars, as far back as anybody looks, and
// room for new ones. The same values lie in one of two layouts, and move to the other when asked to:
//
//   columns   one series after the other: operators run over many bars at once
//   rows      one bar after the other: a single bar's values lie close together (row_layout.h)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/arena.h"
#include "engine/features/graph_builder.h"
#include "engine/features/row_layout.h"

namespace hftsim::features {

class History {
 public:
  // Before the first bar every value is NaN: that is what makes a window unknown until it is full.
  History(std::span<const SeriesSpec> series, const RowLayout& rows);

  // Where bars that come one at a time are kept in columns too: rows would take more memory than a window of
  // this many bars is worth.
  static constexpr std::uint32_t kRowsLookBackMax = 512;
  bool has_rows() const { return has_rows_; }

  // Room for the next bars, at most kFrameBars, in columns; for one bar, in rows where there are any.
  void begin_bars(std::size_t bars) {
    if (in_rows_ || pos_ + bars > column_span_) make_room_in_columns(bars);
  }
  void begin_bar() {
    if (!in_rows_ || pos_ == row_end_) make_room_in_rows();
  }
  void advance(std::size_t bars) { pos_ += bars * step_; }

  // Of the bars begun: offset from the pointers below, doubles from one bar to the next.
  std::size_t pos() const { return pos_; }
  std::size_t step() const { return step_; }

  // Where a bar's own number goes, of the first bar begun.
  double* input(Series x) const { return inputs_[x] + pos_; }

  // A series' value at offset 0. Precondition of row(): has_rows().
  double* column(Series x) const { return columns_[x].base; }
  double* row(Series x) const { return row_base_ + rows_.slot_of[x]; }
  std::size_t row_width() const { return width_; }

  // Everything remembered, series by series, oldest first.
  std::size_t saved_size() const;
  void save(double* to) const;
  void restore(const double* from);

 private:
  struct Column {
    double* base;             // first bar of the current span; older ones before it
    std::uint32_t pad;        // room before it, bars
    std::uint32_t look_back;  // of them, what somebody looks at
  };

  void make_room_in_columns(std::size_t bars);
  void make_room_in_rows();
  void to_rows();
  void to_columns();
  void enter(bool rows);
  double* now(Series x) const { return (in_rows_ ? row(x) : column(x)) + pos_; }
  std::size_t size_of_rows() const { return (look_back_ + row_span_) * width_; }

  std::vector<Column> columns_;
  RowLayout rows_;
  std::size_t width_ = 0;
  std::size_t look_back_ = 0;    // bars, of the series that looks back furthest
  std::size_t column_span_ = 0;  // bars that fit into the columns after the pad
  std::size_t row_span_ = 0;     // bars that fit into the rows after look_back_
  bool has_rows_ = false;
  bool in_rows_ = false;
  // Not side by side: read together, step_ would wait for the last bar's pos_ to reach the cache.
  std::size_t step_ = 1;
  std::size_t row_end_ = 0;  // pos_ where the rows are full
  std::size_t pos_ = 0;
  std::array<double*, kInputCount> inputs_{};
  std::unique_ptr<Arena> arena_;
  double* row_base_ = nullptr;
};

}  // namespace hftsim::features
