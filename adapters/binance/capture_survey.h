// A first look at captures, before anything is written: which symbols there are, how many decimals their prices and
// quantities have, which market it is, how far the clock here was behind the exchange's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/binance/message_parser.h"
#include "replay/duration_histogram.h"

namespace hftsim::binance {

struct CaptureSurvey {
  std::vector<Instrument> instruments;
  std::optional<Market> market;
  std::int64_t first_ns = 0;  // of the exchange, from the first message that says it; 0: none does
  DurationHistogram latency;  // receive time minus when the exchange sent it, of messages that say so
  std::uint64_t lines = 0;    // that were looked at
  bool is_whole = false;      // all of them
};

// Of what a message's events say, or none: bars, and messages without a time.
std::optional<std::int64_t> latency_of(std::span<const Event> message);

using CaptureProgress = std::function<void(std::uint64_t bytes)>;

// Reads up to `lines_max` messages; `symbol`: whose REST bodies are that do not say it; "": of the only symbol. Throws
// BadInput with file and line where one is not what it has to be.
CaptureSurvey survey_captures(std::span<const std::filesystem::path> paths, const std::string& symbol,
                              std::uint64_t lines_max = UINT64_MAX, const CaptureProgress& on_progress = {});

}  // namespace hftsim::binance
