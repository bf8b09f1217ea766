// The summary of a live session: what a run's has, and how the feed, the recording and the latencies were.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "adapters/live/feed_options.h"
#include "tools/paper/live_status.h"
#include "tools/summary.h"

namespace hftsim {

struct PaperEnd {
  LiveStatus status;
  live::FeedHealth feed;
  std::filesystem::path recording, config;
  std::uint64_t resumed_events = 0;  // that were there when it was resumed; 0: it was not
  std::string resume_note;
};

Json make_paper_summary(const RunConfig& config, std::span<const Instrument> instruments,
                        const RunModel& model, const RunResult& result, const Metrics& metrics,
                        EquitySeries& equity, const PaperEnd& end);

// For people, under the run's own table: feed, recording, latencies, the command that replays it.
std::string paper_table(const Json& summary);

}  // namespace hftsim
