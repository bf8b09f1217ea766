#include "engine/inference/recent_rows.h"

#include <algorithm>
#include <cassert>

namespace hftsim::inference {

RecentRows::RecentRows(std::size_t instruments, std::size_t columns, std::size_t kept)
    : columns_(columns), kept_(kept), count_(instruments), values_(instruments * columns * kept) {}

void RecentRows::append(std::size_t instrument, const double* values, std::size_t stride, std::size_t rows) {
  const std::size_t skipped = rows > kept_ ? rows - kept_ : 0;
  count_[instrument] += skipped;
  for (std::size_t row = skipped; row < rows;) {
    const std::size_t place = count_[instrument] % kept_;
    const std::size_t some = std::min(rows - row, kept_ - place);
    double* to = &values_[instrument * columns_ * kept_ + place];
    for (std::size_t c = 0; c < columns_; ++c) std::copy_n(values + c * stride + row, some, to + c * kept_);
    count_[instrument] += some;
    row += some;
  }
}

RecentRows::Piece RecentRows::piece(std::size_t instrument, std::uint64_t first, std::uint64_t end) const {
  assert(first < end && end <= count_[instrument] && count_[instrument] - first <= kept_);
  const auto place = static_cast<std::size_t>(first % kept_);
  const double* values = values_.data() + instrument * columns_ * kept_ + place;
  return {values, kept_, std::min(static_cast<std::size_t>(end - first), kept_ - place)};
}

}  // namespace hftsim::inference
