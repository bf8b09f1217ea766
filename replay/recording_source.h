// A recording as a source: all of it or a range of time, all kinds and instruments or some. Where nothing has to be
// changed, events are given where they lie in the mapped file.
//
// A recording in the order of receipt gives events whose ts is the time of receipt, so that a run's clock is what was
// known here; `keep_times` leaves them as they are, in that order (for tools that write them again).
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/recording_reader.h"

namespace hftsim {

// Kinds of events, as bits.
class EventKinds {
 public:
  constexpr EventKinds() = default;  // none
  constexpr EventKinds(std::initializer_list<EventKind> kinds) {
    for (const EventKind kind : kinds) add(kind);
  }
  constexpr void add(EventKind kind) { bits_ |= bit(kind); }
  static constexpr EventKinds all() {
    EventKinds kinds;
    kinds.bits_ = (1u << kEventKindCount) - 1;
    return kinds;
  }

  constexpr bool has(EventKind kind) const { return (bits_ & bit(kind)) != 0; }
  friend constexpr bool operator==(EventKinds, EventKinds) = default;

 private:
  static constexpr unsigned bit(EventKind kind) { return 1u << static_cast<unsigned>(kind); }

  unsigned bits_ = 0;
};

struct RecordingSourceOptions {
  std::int64_t from_ns = INT64_MIN;  // by the recording's order
  std::int64_t to_ns = INT64_MAX;    // excluded; the greatest: to the end
  EventKinds kinds = EventKinds::all();
  std::vector<std::string> symbols = {};  // empty: all
  bool keep_times = false;
  RecordingReaderOptions reader = {};
};

class RecordingSource final : public EventSource {
 public:
  // Throws BadInput where the file is no recording or has not one of the symbols.
  explicit RecordingSource(const std::filesystem::path& path, RecordingSourceOptions options = {});

  // Those asked for, in the recording's order; events carry their numbers in this table.
  std::span<const Instrument> instruments() const override { return instruments_; }
  // Throws BadInput where the recording is damaged; allocates nothing.
  std::size_t read(std::span<Event> out) override;
  std::span<const Event> next(std::span<Event> room) override;
  // Exact, but for a choice of symbols, or of kinds of a part or of an unclosed recording: 0.
  std::uint64_t size_hint() const override;

  const RecordingReader& reader() const { return reader_; }

 private:
  void choose_symbols();
  std::span<const Event> taken(std::size_t most);
  std::size_t copy_chosen(std::span<const Event> events, std::span<Event> out) const;

  RecordingSourceOptions options_;
  RecordingReader reader_;
  std::vector<Instrument> instruments_;
  std::vector<std::int32_t> new_ids_;  // of the recording's instruments; -1: not asked for
  std::uint64_t first_ = 0, end_ = 0;  // events of the recording
  bool to_the_end_;
  bool sets_times_ = false;
  bool chooses_ = false;  // kinds or instruments
};

}  // namespace hftsim
