#include "engine/inference/recent_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/rng.h"

namespace hftsim::inference {
namespace {

constexpr std::size_t kColumns = 3, kInstruments = 2;

// Of an instrument's row, whatever block it comes in.
double value(std::size_t instrument, std::size_t column, std::uint64_t row) {
  return static_cast<double>(1'000'000 * instrument + 10 * row + column);
}

void append(RecentRows& recent, std::size_t instrument, std::size_t rows) {
  const std::size_t stride = rows + 5;
  std::vector<double> block(kColumns * stride, -1);
  for (std::size_t c = 0; c < kColumns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) {
      block[c * stride + r] = value(instrument, c, recent.count(instrument) + r);
    }
  }
  recent.append(instrument, block.data(), stride, rows);
}

void expect_rows(const RecentRows& recent, std::size_t instrument, std::uint64_t first, std::uint64_t end) {
  while (first < end) {
    const RecentRows::Piece piece = recent.piece(instrument, first, end);
    ASSERT_GT(piece.rows, 0U);
    ASSERT_LE(piece.rows, end - first);
    for (std::size_t c = 0; c < kColumns; ++c) {
      for (std::size_t r = 0; r < piece.rows; ++r) {
        ASSERT_EQ(piece.values[c * piece.stride + r], value(instrument, c, first + r));
      }
    }
    first += piece.rows;
  }
}

TEST(RecentRows, KeepsTheLastRowsOfEachInstrumentHoweverTheyCome) {
  RandomStream random(3, "pieces");
  for (const std::size_t kept : {1U, 2U, 7U, 59U}) {
    RecentRows recent(kInstruments, kColumns, kept);
    for (int i = 0; i < 500; ++i) {
      append(recent, random.below(kInstruments), 1 + random.below(3 * kept));
      for (std::size_t k = 0; k < kInstruments; ++k) {
        const std::uint64_t count = recent.count(k);
        const std::uint64_t first = count - std::min<std::uint64_t>(count, 1 + random.below(kept));
        expect_rows(recent, k, first, count);
        if (first + 1 < count) expect_rows(recent, k, first, count - 1);
      }
    }
  }
}

TEST(RecentRows, CountsRowsWhereItKeepsNone) {
  RecentRows recent(kInstruments, kColumns, 0);
  append(recent, 1, 5);
  append(recent, 1, 8);
  EXPECT_EQ(recent.count(0), 0U);
  EXPECT_EQ(recent.count(1), 13U);
}

}  // namespace
}  // namespace hftsim::inference
