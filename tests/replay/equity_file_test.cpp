#include "replay/equity_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/core/rng.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {
namespace {

std::vector<EquityMark> make_marks(std::size_t count) {
  RandomStream random(7, "marks");
  std::vector<EquityMark> marks(count);
  std::int64_t ts_ns = 0;
  for (EquityMark& mark : marks) mark = {ts_ns += 60, random.normal(), random.normal(), 0};
  return marks;
}

void append_in_batches(EquitySink& sink, std::span<const EquityMark> marks, std::size_t batch) {
  for (std::size_t i = 0; i < marks.size(); i += batch)
    sink.append(marks.subspan(i, std::min(batch, marks.size() - i)));
}

// Twice from the start, so that rewind is part of it.
void expect_holds(EquitySeries& series, std::span<const EquityMark> marks) {
  EXPECT_EQ(series.size(), marks.size());
  for (int pass = 0; pass < 2; ++pass) {
    series.rewind();
    std::vector<EquityMark> read;
    for (auto part = series.next(); !part.empty(); part = series.next())
      read.insert(read.end(), part.begin(), part.end());
    ASSERT_EQ(read.size(), marks.size());
    EXPECT_TRUE(marks.empty() || std::memcmp(read.data(), marks.data(), marks.size_bytes()) == 0);
  }
}

TEST(EquityFileSeries, GivesTheMarksOfTheFileAsOftenAsWanted) {
  TemporaryFolder folder;
  const auto marks = make_marks(10'000);
  EquityFile file(folder.path() / "equity");
  append_in_batches(file, marks, 333);
  file.close();
  EquityFileSeries series(folder.path() / "equity");
  expect_holds(series, marks);
  EXPECT_TRUE(series.tail().complete);
}

TEST(EquityMemory, HoldsFewMarksInMemory) {
  for (const std::size_t count : {0, 1, 999, 1000}) {
    EquityMemory memory(1000);
    const auto marks = make_marks(count);
    append_in_batches(memory, marks, 100);
    expect_holds(memory, marks);
    EXPECT_FALSE(memory.spilled());
  }
}

TEST(EquityMemory, SpillsManyMarksToAFileWithoutAName) {
  TemporaryFolder folder;
  for (const std::size_t count : {1001, 5000, 100'000}) {
    EquityMemory memory(1000, folder.path());
    const auto marks = make_marks(count);
    append_in_batches(memory, marks, 77);
    expect_holds(memory, marks);
    EXPECT_TRUE(memory.spilled());
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  }
}

TEST(EquityMemory, TakesMoreAfterItWasRead) {
  TemporaryFolder folder;
  const auto marks = make_marks(3000);
  EquityMemory memory(1000, folder.path());
  for (const std::size_t end : {500, 1500, 3000}) {
    const std::size_t begin = memory.size();
    append_in_batches(memory, std::span(marks).subspan(begin, end - begin), 50);
    expect_holds(memory, std::span(marks).first(end));
  }
}

}  // namespace
}  // namespace hftsim
