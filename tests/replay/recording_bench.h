// Events, files and damage for the tests of recordings.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <vector>

#include "engine/core/rng.h"
#include "engine/runtime/event_source.h"
#include "replay/recording_reader.h"
#include "replay/recording_writer.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::test {

using Bytes = std::vector<char>;

inline constexpr std::int64_t kStartNs = 1'700'000'000'000'000'000;

inline RecordingHeader recording_header(std::size_t instruments = 2,
                                        EventOrder order = EventOrder::exchange) {
  RecordingHeader header;
  header.order = order;
  header.source = "seeded events";
  for (std::size_t i = 0; i < instruments; ++i) {
    Instrument instrument;
    instrument.symbol = "SYM" + std::to_string(i);
    instrument.price_step = {1, 2};
    instrument.quantity_step = {5, 3};
    instrument.tick_size = 0.01;
    header.instruments.push_back(instrument);
  }
  return header;
}

inline void fill_body(Event& event, RandomStream& random) {
  const auto any = [&] {
    return static_cast<std::int64_t>(random.below(1u << 30)) - (1 << 29);
  };
  const auto number = [&] {
    return random.below(UINT64_MAX);
  };
  switch (event.kind) {
    case EventKind::bar:
      event.bar = {random.normal(), random.normal(), random.normal(), random.normal(), random.uniform()};
      event.trades = static_cast<std::uint32_t>(random.below(UINT32_MAX));
      return;
    case EventKind::trade:
      event.trade = {any(), any(), number(), number(), number()};
      return;
    case EventKind::quote:
      event.quote = {any(), any(), any(), any(), number()};
      return;
    case EventKind::book_change:
      event.book = {any(), any(), number(), number(), number()};
      return;
    case EventKind::session_mark:
      event.session = {static_cast<SessionMark>(random.below(3)),
                       static_cast<std::uint32_t>(random.below(6)),
                       number(),
                       number(),
                       number(),
                       0};
      return;
    case EventKind::timer:
      event.timer = {number(), number(), {}};
  }
}

// Of every kind, several at one time, each clock in its own disorder but for `order`, which never goes back.
inline std::vector<Event> make_events(std::size_t count, std::uint64_t seed = 1, std::size_t instruments = 2,
                                      EventOrder order = EventOrder::exchange) {
  RandomStream random(seed, "events");
  std::vector<Event> events(count);
  std::int64_t now_ns = kStartNs;
  for (Event& event : events) {
    event = {};
    now_ns += static_cast<std::int64_t>(random.below(3)) * 1'000'000;
    const std::int64_t other_ns = now_ns + static_cast<std::int64_t>(random.below(9'000'000)) - 2'000'000;
    event.ts_ns = order == EventOrder::exchange ? now_ns : other_ns;
    event.recv_ns = order == EventOrder::exchange ? other_ns : now_ns;
    event.send_delay_us = static_cast<std::int32_t>(random.below(2000)) - 1000;
    event.instrument = static_cast<InstrumentId>(random.below(instruments));
    event.kind = static_cast<EventKind>(random.below(6));
    event.flags = static_cast<std::uint8_t>(random.below(256));
    fill_body(event, random);
  }
  return events;
}

inline bool same_bytes(std::span<const Event> a, std::span<const Event> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

// Events of every call appended; a BadInput leaves those before it in `all`.
inline void read_all(RecordingReader& reader, std::vector<Event>& all) {
  for (auto events = reader.next(); !events.empty(); events = reader.next()) {
    all.insert(all.end(), events.begin(), events.end());
  }
}
inline std::vector<Event> read_all(RecordingReader& reader) {
  std::vector<Event> all;
  read_all(reader, all);
  return all;
}

inline std::vector<Event> drain(EventSource& source, std::size_t batch = 100) {
  std::vector<Event> all, room(batch);
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) {
    all.insert(all.end(), events.begin(), events.end());
  }
  return all;
}

inline void write_recording(const std::filesystem::path& path, std::span<const Event> events,
                            const RecordingHeader& header = recording_header(), RecordingOptions options = {},
                            bool close = true) {
  RecordingWriter writer(path, header, options);
  writer.append(events);
  if (close) writer.close();
}

inline Bytes bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& path, std::span<const char> bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

class RecordingTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "events.hfr";
};

}  // namespace hftsim::test
