// What a session has behind it when its feed starts: its recording up to where it was cut off, or history to warm up
// with. Both are put into the stream like everything else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/live/feed_options.h"
#include "adapters/net/stop_signal.h"
#include "engine/core/event.h"
#include "engine/runtime/feed_sink.h"
#include "replay/recording_reader.h"

namespace hftsim {

// Follows a stream for where a feed has to go on.
class StreamEnd {
 public:
  explicit StreamEnd(std::size_t instruments);
  void follow(std::span<const Event> events);
  const live::FeedStart& start() const { return start_; }

 private:
  live::FeedStart start_;
};

// Replays a recording into the sink; returns where it ends. Throws BadInput where a block is damaged, net::Interrupted
// where it is told to stop.
live::FeedStart replay_into(FeedSink& sink, RecordingReader& recording, const net::StopSignal& stop);

// Bars of several instruments in one order, received `recv_ns`.
std::vector<Event> in_one_order(std::vector<std::vector<Event>> bars, std::int64_t recv_ns);

// When the first bar closes that is not history; none without history.
std::optional<Timestamp> first_live_close(std::span<const Event> history, Duration interval);

// Whether what two journals both hold is the same.
struct JournalComparison {
  std::uint64_t records = 0;             // of the older one, that were compared
  std::optional<std::uint64_t> differs;  // the first that does
};
JournalComparison compare_journals(const std::filesystem::path& older, const std::filesystem::path& newer);

}  // namespace hftsim
