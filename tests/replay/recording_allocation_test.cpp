// Reading, writing, merging and making bars allocate nothing per event.
#include "engine/core/allocation_counter.h"
#include "replay/merged_source.h"
#include "replay/recording_source.h"
#include "tests/replay/recording_bench.h"
#include "tests/replay/trade_bars_bench.h"

namespace hftsim {
namespace {

using namespace test;

using RecordingAllocations = RecordingTest;

std::uint64_t allocations_of(const std::function<void()>& action) {
  const std::uint64_t before = thread_allocation_count;
  action();
  return thread_allocation_count - before;
}

TEST_F(RecordingAllocations, AreCountedHere) {
  EXPECT_GT(allocations_of([] { std::vector<int>(10).swap(*std::make_unique<std::vector<int>>()); }), 0u);
}

TEST_F(RecordingAllocations, AreNoneWhileWriting) {
  const auto events = make_events(20'000);
  for (const int level : {0, 1}) {
    RecordingWriter writer(path_, recording_header(), {.block_events = 256, .zstd_level = level});
    writer.append(std::span(events).first(1000));
    EXPECT_EQ(allocations_of([&] { writer.append(std::span(events).subspan(1000)); }), 0u);
  }
}

TEST_F(RecordingAllocations, AreNoneWhileReading) {
  write_recording(path_, make_events(20'000), recording_header(), {.block_events = 256});
  const auto packed = folder_.path() / "packed.hfr";
  write_recording(packed, make_events(20'000), recording_header(), {.block_events = 256, .zstd_level = 1});
  std::vector<Event> room(100);
  for (const auto& path : {path_, packed}) {
    for (const RecordingSourceOptions& options :
         {RecordingSourceOptions{}, RecordingSourceOptions{.kinds = {EventKind::trade}},
          RecordingSourceOptions{.reader = {.access = RecordingAccess::copied}}}) {
      RecordingSource source(path, options);
      for (int i = 0; i < 20; ++i) source.next(room);
      EXPECT_EQ(allocations_of([&] {
                  while (!source.next(room).empty()) {
                  }
                }),
                0u);
    }
  }
}

TEST_F(RecordingAllocations, AreNoneWhileMerging) {
  std::vector<std::unique_ptr<EventSource>> sources;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const auto path = folder_.path() / std::to_string(i);
    write_recording(path, make_events(5000, i), recording_header(), {.block_events = 256});
    sources.push_back(std::make_unique<RecordingSource>(path));
  }
  MergedSource merged(std::move(sources), {.share_symbols = true});
  std::vector<Event> room(100);
  merged.read(room);
  EXPECT_EQ(allocations_of([&] {
              while (merged.read(room) > 0) {
              }
            }),
            0u);
}

TEST_F(RecordingAllocations, AreNoneWhileTradesBecomeBars) {
  const auto events = market(1, 30'000, 3);
  for (const BarSpec& spec : {BarSpec{}, BarSpec{BarMeasure::trades, kMinute, 2, 0}}) {
    TradeBarSource source(
        std::make_unique<TradeList>(std::vector{traded("A"), traded("B"), traded("C")}, events),
        {.spec = spec});
    std::vector<Event> room(100);
    for (int i = 0; i < 40; ++i) source.read(room);
    EXPECT_EQ(allocations_of([&] {
                while (source.read(room) > 0) {
                }
              }),
              0u);
  }
}

}  // namespace
}  // namespace hftsim
