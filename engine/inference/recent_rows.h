// The last feature rows of each instrument, unscaled: what a model is shown that takes its turn in the middle of a
// run. Kept once for all models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hftsim::inference {

class RecentRows {
 public:
  // The last `kept` rows of `columns` columns; rows are counted where none are kept, too.
  RecentRows(std::size_t instruments, std::size_t columns, std::size_t kept);

  // Rows of the instrument so far; they are numbered from 0.
  std::uint64_t count(std::size_t instrument) const { return count_[instrument]; }

  // The next rows in time order: column c begins at values + c * stride.
  void append(std::size_t instrument, const double* values, std::size_t stride, std::size_t rows);

  // Rows that lie together from row `first` on, at most up to `end`. first < end <= count(), and `first` is among
  // those kept.
  struct Piece {
    const double* values;  // as for append()
    std::size_t stride, rows;
  };
  Piece piece(std::size_t instrument, std::uint64_t first, std::uint64_t end) const;

 private:
  std::size_t columns_, kept_;
  std::vector<std::uint64_t> count_;  // per instrument
  std::vector<double> values_;        // (instruments, columns, kept): row r in place r % kept
};

}  // namespace hftsim::inference
