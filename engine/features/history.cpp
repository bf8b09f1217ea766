#include "engine/features/history.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "engine/features/node.h"

namespace hftsim::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::uint32_t padded(std::uint32_t bars) {
  return (bars + 7) / 8 * 8;
}

std::size_t longest_look_back(std::span<const SeriesSpec> series) {
  std::size_t longest = 1;
  for (const SeriesSpec& s : series) longest = std::max<std::size_t>(longest, s.pad);
  return longest;
}

// Long windows get longer columns, so that moving their history to the front stays rare.
std::size_t column_span_for(std::size_t look_back) {
  return std::clamp<std::size_t>(look_back / 4 / kFrameBars * kFrameBars, kFrameBars, 16 * kFrameBars);
}

// Where the columns begin, in doubles from the start of their memory, and how much they take together. Columns
// whose beginnings are a multiple of 4 KiB apart get into each other's way: a processor takes a load for one
// of a value just stored when the lowest 12 bits of the addresses agree, and they share cache sets. So each
// begins in the next of the 64 cache lines of 4 KiB that the fewest others began in.
struct ColumnPlaces {
  std::vector<std::size_t> bases;
  std::size_t size = 0;
};

ColumnPlaces place_columns(std::span<const SeriesSpec> series, std::size_t span_bars) {
  constexpr std::size_t kLine = 64 / sizeof(double), kLines = 64;
  ColumnPlaces places;
  std::array<std::uint32_t, kLines> begun{};
  for (const SeriesSpec& s : series) {
    std::size_t base = places.size + padded(s.pad);
    const std::uint32_t fewest = *std::min_element(begun.begin(), begun.end());
    while (begun[base / kLine % kLines] > fewest) base += kLine;
    ++begun[base / kLine % kLines];
    places.bases.push_back(base);
    places.size = base + span_bars;
  }
  return places;
}

}  // namespace

History::History(std::span<const SeriesSpec> series, const RowLayout& rows)
    : rows_(rows),
      width_(rows.width),
      look_back_(longest_look_back(series)),
      column_span_(column_span_for(look_back_)),
      row_span_(std::max<std::size_t>(192, 4 * look_back_)),
      has_rows_(look_back_ <= kRowsLookBackMax) {
  const ColumnPlaces places = place_columns(series, column_span_);
  const std::size_t row_doubles = has_rows_ ? size_of_rows() : 0;
  arena_ =
      std::make_unique<Arena>(Arena::bytes_for<double>(places.size) + Arena::bytes_for<double>(row_doubles));
  double* const memory = arena_->allocate<double>(places.size).data();
  for (std::size_t i = 0; i < places.bases.size(); ++i) {
    columns_.push_back({memory + places.bases[i], padded(series[i].pad), series[i].pad});
  }
  for (const Column& column : columns_) std::fill_n(column.base - column.pad, column.pad, kNaN);
  enter(false);
  if (!has_rows_) return;
  const std::span<double> row_memory = arena_->allocate<double>(row_doubles);
  std::ranges::fill(row_memory, kNaN);
  row_base_ = row_memory.data() + look_back_ * width_;
  row_end_ = row_span_ * width_;
}

void History::enter(bool rows) {
  in_rows_ = rows;
  pos_ = 0;
  step_ = rows ? width_ : 1;
  for (Series x = 0; x < kInputCount; ++x) inputs_[x] = rows ? row(x) : column(x);
}

void History::make_room_in_columns(std::size_t bars) {
  if (in_rows_) return to_columns();
  if (pos_ + bars <= column_span_) return;
  for (const Column& column : columns_) {
    std::memmove(column.base - column.pad, column.base + pos_ - column.pad, column.pad * sizeof(double));
  }
  pos_ = 0;
}

void History::make_room_in_rows() {
  if (!has_rows_) return make_room_in_columns(1);
  if (!in_rows_) return to_rows();
  const std::size_t kept = look_back_ * width_;
  std::memmove(row_base_ - kept, row_base_ + pos_ - kept, kept * sizeof(double));
  pos_ = 0;
}

void History::to_rows() {
  for (Series x = 0; x < columns_.size(); ++x) {
    const double* const from = columns_[x].base + pos_;
    for (std::size_t back = 1; back <= columns_[x].look_back; ++back)
      *(row(x) - back * width_) = *(from - back);
  }
  enter(true);
}

void History::to_columns() {
  for (Series x = 0; x < columns_.size(); ++x) {
    const double* const from = row(x) + pos_;
    for (std::size_t back = 1; back <= columns_[x].look_back; ++back) {
      *(columns_[x].base - back) = *(from - back * width_);
    }
  }
  enter(false);
}

std::size_t History::saved_size() const {
  std::size_t size = 0;
  for (const Column& column : columns_) size += column.look_back;
  return size;
}

void History::save(double* to) const {
  for (Series x = 0; x < columns_.size(); ++x) {
    const double* const latest = now(x);
    for (std::size_t back = columns_[x].look_back; back > 0; --back) *to++ = *(latest - back * step_);
  }
}

void History::restore(const double* from) {
  enter(false);
  for (const Column& column : columns_) {
    std::copy_n(from, column.look_back, column.base - column.look_back);
    from += column.look_back;
  }
}

}  // namespace hftsim::features
