// Ranges, choices and both clocks, against the plain list of events.
#include "replay/recording_source.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/core/errors.h"
#include "tests/replay/recording_bench.h"

namespace hftsim {
namespace {

using namespace test;
using ::testing::HasSubstr;

using RecordingSourceTest = RecordingTest;

std::vector<Event> chosen(std::span<const Event> events, const std::function<bool(const Event&)>& keep) {
  std::vector<Event> kept;
  std::copy_if(events.begin(), events.end(), std::back_inserter(kept), keep);
  return kept;
}

TEST_F(RecordingSourceTest, SeeksToTheFirstEventThatIsNotBeforeATime) {
  for (const EventOrder order : {EventOrder::exchange, EventOrder::receive}) {
    const auto events = make_events(700, 1, 2, order);
    write_recording(path_, events, recording_header(2, order), {.block_events = 16, .zstd_level = 1});
    for (const bool use_index : {true, false}) {
      RecordingReader reader(path_, {.use_index = use_index});
      RandomStream random(2, "times");
      for (int i = 0; i < 500; ++i) {
        const std::int64_t ns = kStartNs - 3'000'000 +
                                static_cast<std::int64_t>(random.below(800)) * 1'000'000 -
                                static_cast<std::int64_t>(random.below(2));
        const auto expected = std::find_if(events.begin(), events.end(),
                                           [&](const Event& e) { return ordering_ns(e, order) >= ns; });
        reader.seek(ns);
        EXPECT_EQ(reader.position(), static_cast<std::uint64_t>(expected - events.begin()));
        const auto next = reader.next(1);
        ASSERT_EQ(next.empty(), expected == events.end());
        if (!next.empty()) {
          EXPECT_TRUE(same_bytes(next, {&*expected, 1}));
        }
      }
      reader.seek(INT64_MIN);
      EXPECT_EQ(reader.position(), 0u);
      reader.seek(INT64_MAX);
      EXPECT_TRUE(reader.next().empty());
    }
  }
}

TEST_F(RecordingSourceTest, GivesEventsWhereTheyLieUnlessTheyHaveToChange) {
  const auto events = make_events(500);
  std::vector<Event> room(64);
  const auto in_room = [&](RecordingSource& source) {
    return source.next(room).data() == room.data();
  };
  write_recording(path_, events);
  RecordingSource plain(path_);
  EXPECT_FALSE(in_room(plain));
  EXPECT_LE(plain.next(room).size(), room.size());
  RecordingSource range(path_, {.from_ns = kStartNs + 5});
  EXPECT_FALSE(in_room(range));
  RecordingSource kinds(path_, {.kinds = {EventKind::trade}});
  EXPECT_TRUE(in_room(kinds));
  write_recording(path_, events, recording_header(), {.zstd_level = 1});
  RecordingSource packed(path_);
  EXPECT_TRUE(in_room(packed));
}

TEST_F(RecordingSourceTest, WhatItGaveInPlaceStaysUntilItGoes) {
  const auto events = make_events(3000);
  write_recording(path_, events, recording_header(), {.block_events = 50});
  RecordingSource source(path_);
  std::vector<Event> room(64);
  std::vector<std::span<const Event>> given;
  for (auto next = source.next(room); !next.empty(); next = source.next(room)) given.push_back(next);
  std::size_t at = 0;
  for (const auto& part : given) {
    ASSERT_TRUE(same_bytes(part, std::span(events).subspan(at, part.size())));
    at += part.size();
  }
  EXPECT_EQ(at, events.size());
}

TEST_F(RecordingSourceTest, ChoosesTimesKindsAndSymbolsLikeAPlainFilter) {
  const auto events = make_events(900, 3, 4);
  RandomStream random(9, "choices");
  for (const int level : {0, 1}) {
    write_recording(path_, events, recording_header(4), {.block_events = 37, .zstd_level = level});
    for (int round = 0; round < 60; ++round) {
      RecordingSourceOptions options;
      if (random.below(2) == 0)
        options.from_ns = kStartNs + static_cast<std::int64_t>(random.below(1'200'000'000));
      if (random.below(2) == 0)
        options.to_ns = kStartNs + static_cast<std::int64_t>(random.below(1'200'000'000));
      if (random.below(2) == 0) options.kinds = {EventKind::trade, EventKind::session_mark};
      if (random.below(2) == 0) options.symbols = {"SYM3", "SYM1"};
      auto expected = chosen(events, [&](const Event& e) {
        return e.ts_ns >= options.from_ns && e.ts_ns < options.to_ns && options.kinds.has(e.kind) &&
               (options.symbols.empty() || e.instrument % 2 == 1);
      });
      if (!options.symbols.empty()) {
        for (Event& event : expected) event.instrument /= 2;
      }
      RecordingSource source(path_, options);
      ASSERT_EQ(source.instruments().size(), options.symbols.empty() ? 4u : 2u);
      EXPECT_EQ(source.instruments().back().symbol, "SYM3");
      if (source.size_hint() != 0) {
        EXPECT_EQ(source.size_hint(), expected.size());
      }
      ASSERT_TRUE(same_bytes(drain(source, 1 + random.below(90)), expected));
    }
  }
}

TEST_F(RecordingSourceTest, OfAReceiveOrderedRecordingTheTimeIsThatOfReceipt) {
  const auto events = make_events(300, 1, 2, EventOrder::receive);
  write_recording(path_, events, recording_header(2, EventOrder::receive), {.block_events = 16});
  auto expected = events;
  for (Event& event : expected) event.ts_ns = event.recv_ns;
  RecordingSource source(path_);
  EXPECT_TRUE(same_bytes(drain(source), expected));
  RecordingSource kept(path_, {.keep_times = true});
  EXPECT_TRUE(same_bytes(drain(kept), events)) << "for who writes them again";
  RecordingSource part(path_, {.from_ns = events[100].recv_ns, .to_ns = events[200].recv_ns});
  EXPECT_TRUE(same_bytes(drain(part), chosen(expected, [&](const Event& e) {
                           return e.ts_ns >= events[100].recv_ns && e.ts_ns < events[200].recv_ns;
                         })));
}

TEST_F(RecordingSourceTest, RefusesAnUnknownSymbolWithTheNearest) {
  write_recording(path_, make_events(3));
  EXPECT_THAT(message_of([&] { RecordingSource(path_, {.symbols = {"SYM7"}}); }), HasSubstr("SYM"));
}

TEST_F(RecordingSourceTest, SaysAtTheEndThatABlockThereIsDamaged) {
  const auto events = make_events(20);
  write_recording(path_, events, recording_header(), {.block_events = 5}, false);
  Bytes bytes = bytes_of(path_);
  bytes[RecordingReader(path_).blocks()[2].offset + 3] ^= 1;  // in its header: the walk ends there
  write_bytes(path_, bytes);
  RecordingSource all(path_);
  EXPECT_THAT(message_of([&] { drain(all); }), HasSubstr("events block 2"));
  RecordingSource before(path_, {.to_ns = events[4].ts_ns});
  EXPECT_EQ(message_of([&] { drain(before); }), "") << "what is asked for is whole";
}

}  // namespace
}  // namespace hftsim
